"""What a page does in a real browser when nothing but its own text holds it back."""

import re
from collections.abc import Callable
from typing import Any

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
LEAVES = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def misdeeds(browser: Any, page: str, *, width: int = 1280) -> list[str]:
    """Return what a page asks for, says or runs when it is opened without its content security policy, or how far it scrolls."""
    assert POLICY.search(page), "a page without a policy"
    found: list[str] = []

    def told(what: str) -> Callable[[Any], None]:
        return lambda event: found.append(f"{what} {getattr(event, 'url', event)}"[:200])

    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.on("request", told("asks for"))
    tab.on("dialog", lambda dialog: (found.append(f"says {dialog.message}"), dialog.dismiss()))
    tab.on("console", told("writes"))
    tab.on("pageerror", told("fails at"))
    tab.set_content(POLICY.sub("", page))
    counted = tab.evaluate("document.querySelectorAll('script,img,iframe,object,embed,link,base,form,input,audio,video').length")
    found += [f"has {counted} elements that run or load"] if counted else []
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    leaves = tab.evaluate(LEAVES)
    found += [f"is {leaves} pixels wider than {width}"] if leaves else []
    tab.close()
    return found
