"""Collecting the quarter: timetable, requests to services, their returns, reminders, and the checklist of the round."""
