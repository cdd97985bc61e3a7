# The user's interface. Needs make and Python 3.11 to 3.14; everything else goes into .venv, from requirements.lock.
# The values of Q, YEAR, DATA, OUT and the like reach commands only through the environment: none is ever read as code.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help quarter rebuild scrutiny partnership executive annual bca survey assurance all timetable checklist year since changes requests chase collect approve sample verify trace bundle crate sign signed sbom lab docs test lint soak golden bench pictures lock clean
.DELETE_ON_ERROR:

export KPIREPORT_Q := $(value Q)
export KPIREPORT_YEAR := $(value YEAR)
export KPIREPORT_DATA := $(value DATA)
export KPIREPORT_OUT := $(value OUT)
export KPIREPORT_BOARD := $(value BOARD)
export KPIREPORT_BY := $(value BY)
export KPIREPORT_KNOWN := $(value KNOWN)
export KPIREPORT_ON := $(value ON)
export KPIREPORT_KPIS := $(value KPIS)
export KPIREPORT_YEARS := $(value YEARS)
export KPIREPORT_SAMPLE := $(value SAMPLE)
export KPIREPORT_PERIOD := $(value PERIOD)
export KPIREPORT_KPI := $(value KPI)
export KPIREPORT_BUNDLE := $(value BUNDLE)
export KPIREPORT_TO := $(value TO)
export KPIREPORT_KEY := $(value KEY)
export KPIREPORT_SIGNERS := $(value SIGNERS)
export KPIREPORT_WHOLE := $(value WHOLE)
export KPIREPORT_RECEIVED := $(value RECEIVED)
export KPIREPORT_PRODUCER := $(value PRODUCER)
export KPIREPORT_DIRECTORATE := $(value DIRECTORATE)
export KPIREPORT_FILE := $(value FILE)
export KPIREPORT_PYTHON := $(value PYTHON)
export KPIREPORT_SCHEDULER := $(value SCHEDULER)
export KPIREPORT_REBUILD := $(value REBUILD)
export KPIREPORT_DRY_RUN := $(value DRY_RUN)
export KPIREPORT_OPEN := $(value OPEN)
export KPIREPORT_FORMS := $(value FORMS)
unexport Q YEAR DATA OUT BOARD BY KNOWN ON KPIS YEARS SAMPLE PERIOD KPI BUNDLE TO KEY SIGNERS WHOLE RECEIVED PRODUCER DIRECTORATE FILE PYTHON SCHEDULER REBUILD DRY_RUN OPEN FORMS
export PYTHONPATH := $(CURDIR)/lib
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Each target needs one group of the lock; a group holds those before it.
GROUP := $(if $(filter test lint soak golden bench pictures sbom,$(MAKECMDGOALS)),test,$(or $(firstword $(filter docs lab crate,$(MAKECMDGOALS))),$(if $(KPIREPORT_SCHEDULER),cluster,product)))
LOCK := requirements.lock
VENV := .venv
VENV_PYTHON := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts/python.exe,bin/python)

# An activated environment that holds what the lock says is used as it is; otherwise .venv is.
ifneq ($(VIRTUAL_ENV)$(CONDA_PREFIX),)
ifneq ($(filter-out help clean,$(MAKECMDGOALS)),)
ACTIVE := $(shell PYTHONPATH=lib python -m kpireport.environment --quiet --satisfied $(GROUP) 2>&1 && echo yes)
endif
endif
READY := $(if $(filter yes,$(ACTIVE)),,$(VENV)/.$(GROUP))
RUN := $(if $(filter yes,$(ACTIVE)),python,$(VENV_PYTHON))

define HELP
kpireport makes a council's performance reports from its KPI register: make TARGET NAME=value ...

Every quarter
  make quarter Q=2        the Corporate Leadership Team's report, and a pack for each directorate
  make rebuild Q=2        the same, using nothing that was made before
  make scrutiny Q=2       the public report for each Scrutiny Board; BOARD=EHC makes one
  make executive Q=2      the two-page update for the Executive Board
  make partnership Q=2    the report for each partnership board; BOARD=inner_east makes one
  make all Q=2            quarter, scrutiny, executive and partnership
  make checklist Q=2      the quarter's steps: done, to do or blocked, with the command for each

Collecting
  make requests Q=2       a workbook for each directorate, with what is due; nothing is sent
  make collect Q=2        take in what lies in data/returns/2024-25-q2, and answer each return
                          WHOLE=1 faultless ones only; RECEIVED=2024-10-18 then; PRODUCER=name's
  make chase Q=2          what is missing, and draft reminders; ON=2024-11-01 as on that day
  make approve Q=2        a directorate approves its results: DIRECTORATE=CF BY="Director of ..."
                          FILE=name of one return only; ON=2024-10-28 on that day
  make changes            the rows that register/kpi_changes lacks, to append to it; writes nothing

Other reports
  make annual             the Annual Performance Report, with open data: YEAR=2023-24
  make bca                the Best City Ambition Scorecard: YEAR=2023-24
  make survey             the Survey of Internal Control: YEAR=2024
  make assurance          the assurance report to the audit committee: YEAR=2023-24
  make timetable          the year of reporting, with calendar files: YEAR=2024-25
                          ON=2024-11-15 what is next from that day
  make year               everything of a year that is due: YEAR=2023-24; BY=2024-02-29 by that day

Assurance
  make verify             make reports again and compare: PERIOD=2024-25-q2 or BUNDLE=file.zip
                          SIGNERS=file one of them must have signed
  make trace              a printed figure back to its cell: KPI=CHE-14, PERIOD=... or BUNDLE=...
  make bundle             one zip with all that reports were made from: PERIOD=2024-25-q2; TO=folder
  make since              what changed since a report was made: PERIOD=2023-24-q4
  make sign               sign what was published: PERIOD=2024-25-q2 KEY=~/.ssh/id_ed25519
  make signed             who signed it: PERIOD=... or BUNDLE=..., and SIGNERS=file
  make crate              the bundle as an RO-Crate, for research repositories: PERIOD=2024-25-q2
  make sbom               the bill of materials (CycloneDX) and the licences of what this is made of

The analyst's desk
  make lab                JupyterLab, with the register to explore and the reports to run
                          DATA=../riverside another council's register
  make sample             a made-up register: SAMPLE=folder KPIS=1000 YEARS=6
  make docs               the handbook: the year, the data dictionary, the rules, guides

Looking after kpireport
  make help               this list
  make test               lint, types and tests
  make lint               lint and types only
  make soak               tests that take hours: faults, scale, every report; fuzzing for 20 minutes
  make golden             the golden files of the tests again: read what changed, then commit it
  make bench              times beside what they replace, in one run
  make pictures           the README's pictures again (needs Chromium and poppler-utils)
  make lock               requirements.lock again, from pyproject.toml (needs uv)
  make clean              remove what was made: outputs/ and caches

What reports take
  YEAR=2024-25            of another year than params/ says
  DATA=../riverside       from another register; DATA='councils/*' from each that lies there
  OUT=../reports          to another folder than outputs/
  KNOWN=2024-11-15        as known on that day, in a folder of its own
  OPEN=1                  open what was made in the browser
  FORMS=html              without the PDFs, which takes less long
  DRY_RUN=1               only say what would be made, and why
  REBUILD=1               use nothing that was made before
  SCHEDULER=tcp://host:8786  on the machines of a Dask cluster
  PYTHON=/path/to/python3    the Python for .venv, when it is made
endef

# Needs nothing but make.
help:
	$(info $(HELP))@:

# What every report takes, each word from the environment.
WITH = $${KPIREPORT_YEAR:+--year="$$KPIREPORT_YEAR"} $${KPIREPORT_DATA:+--data="$$KPIREPORT_DATA"} \
	  $${KPIREPORT_OUT:+--out="$$KPIREPORT_OUT"}
AGAIN = $${KPIREPORT_REBUILD:+--rebuild} $${KPIREPORT_DRY_RUN:+--dry-run} $${KPIREPORT_FORMS:+--forms="$$KPIREPORT_FORMS"} $(OPENED)
SCHEDULED = $${KPIREPORT_SCHEDULER:+--scheduler="$$KPIREPORT_SCHEDULER"}
OPENED = $${KPIREPORT_OPEN:+--open}
KNOWN_ON = $${KPIREPORT_KNOWN:+--known="$$KPIREPORT_KNOWN"}

quarter executive all: $(READY)
	@$(RUN) -m kpireport $@ $${KPIREPORT_Q:+--quarter="$$KPIREPORT_Q"} $(WITH) $(KNOWN_ON) $(SCHEDULED) $(AGAIN)

rebuild: $(READY)
	@$(RUN) -m kpireport quarter --rebuild $${KPIREPORT_Q:+--quarter="$$KPIREPORT_Q"} $(WITH) $(KNOWN_ON) $(SCHEDULED) \
	  $${KPIREPORT_DRY_RUN:+--dry-run} $${KPIREPORT_FORMS:+--forms="$$KPIREPORT_FORMS"} $(OPENED)

scrutiny partnership: $(READY)
	@$(RUN) -m kpireport $@ $${KPIREPORT_Q:+--quarter="$$KPIREPORT_Q"} $(WITH) $(KNOWN_ON) $(SCHEDULED) $(AGAIN) \
	  $${KPIREPORT_BOARD:+--set="board=$$KPIREPORT_BOARD"}

annual bca survey assurance: $(READY)
	@$(RUN) -m kpireport $@ $(WITH) $(KNOWN_ON) $(SCHEDULED) $(AGAIN)

requests chase: $(READY)
	@$(RUN) -m kpireport $@ $${KPIREPORT_Q:+--quarter="$$KPIREPORT_Q"} $(WITH) $${KPIREPORT_ON:+--on="$$KPIREPORT_ON"} $(OPENED)

collect: $(READY)
	@$(RUN) -m kpireport collect $${KPIREPORT_Q:+--quarter="$$KPIREPORT_Q"} $(WITH) $${KPIREPORT_WHOLE:+--whole} \
	  $${KPIREPORT_RECEIVED:+--received="$$KPIREPORT_RECEIVED"} $${KPIREPORT_PRODUCER:+--producer="$$KPIREPORT_PRODUCER"} $(OPENED)

approve: $(READY)
	@if [ -z "$$KPIREPORT_DIRECTORATE" ] || [ -z "$$KPIREPORT_BY" ]; then \
	  echo 'Say who approves: make approve Q=2 DIRECTORATE=CF BY="Director of Children and Families"' >&2; exit 2; fi
	@$(RUN) -m kpireport approve $${KPIREPORT_Q:+--quarter="$$KPIREPORT_Q"} $(WITH) \
	  --directorate="$$KPIREPORT_DIRECTORATE" --by="$$KPIREPORT_BY" $${KPIREPORT_FILE:+--file="$$KPIREPORT_FILE"} \
	  $${KPIREPORT_ON:+--on="$$KPIREPORT_ON"}

timetable: $(READY)
	@$(RUN) -m kpireport timetable $(WITH) $(AGAIN) $${KPIREPORT_ON:+--set="next_from=$$KPIREPORT_ON"}

checklist: $(READY)
	@$(RUN) -m kpireport checklist $${KPIREPORT_Q:+--quarter="$$KPIREPORT_Q"} $(WITH) $(OPENED)

year: $(READY)
	@$(RUN) -m kpireport year $(WITH) $(SCHEDULED) $(AGAIN) $${KPIREPORT_BY:+--by="$$KPIREPORT_BY"}

since: $(READY)
	@if [ -z "$$KPIREPORT_PERIOD" ]; then echo 'Say since which report: make since PERIOD=2023-24-q4' >&2; exit 2; fi
	@$(RUN) -m kpireport since --period="$$KPIREPORT_PERIOD" $${KPIREPORT_DATA:+--data="$$KPIREPORT_DATA"} \
	  $${KPIREPORT_OUT:+--out="$$KPIREPORT_OUT"} $(OPENED)

changes: $(READY)
	@$(RUN) -m kpireport changes $${KPIREPORT_DATA:+--data="$$KPIREPORT_DATA"}

sample: $(READY)
	@if [ -z "$$KPIREPORT_SAMPLE" ]; then echo 'Say where to: make sample SAMPLE=../big KPIS=1000 YEARS=6' >&2; exit 2; fi
	@$(RUN) -m kpireport sample --out="$$KPIREPORT_SAMPLE" \
	  $${KPIREPORT_KPIS:+--kpis="$$KPIREPORT_KPIS"} $${KPIREPORT_YEARS:+--years="$$KPIREPORT_YEARS"}

verify: $(READY)
	@if [ -z "$$KPIREPORT_PERIOD$$KPIREPORT_BUNDLE" ]; then \
	  echo 'Say what: make verify PERIOD=2024-25-q2, or BUNDLE=file.zip' >&2; exit 2; fi
	@$(RUN) -m kpireport verify $${KPIREPORT_PERIOD:+--period="$$KPIREPORT_PERIOD"} \
	  $${KPIREPORT_BUNDLE:+--bundle="$$KPIREPORT_BUNDLE"} \
	  $${KPIREPORT_SIGNERS:+--signers="$$KPIREPORT_SIGNERS"} $${KPIREPORT_OUT:+--out="$$KPIREPORT_OUT"} $(OPENED)

trace: $(READY)
	@if [ -z "$$KPIREPORT_KPI" ] || [ -z "$$KPIREPORT_PERIOD$$KPIREPORT_BUNDLE" ]; then \
	  echo 'Say what: make trace KPI=CHE-14 PERIOD=2024-25-q2, or KPI=CHE-14 BUNDLE=file.zip' >&2; exit 2; fi
	@$(RUN) -m kpireport trace --kpi="$$KPIREPORT_KPI" $${KPIREPORT_PERIOD:+--period="$$KPIREPORT_PERIOD"} \
	  $${KPIREPORT_BUNDLE:+--bundle="$$KPIREPORT_BUNDLE"} \
	  $${KPIREPORT_DATA:+--data="$$KPIREPORT_DATA"} $${KPIREPORT_OUT:+--out="$$KPIREPORT_OUT"} $(OPENED)

sbom: $(READY)
	@$(RUN) -m kpireport sbom $${KPIREPORT_OUT:+--out="$$KPIREPORT_OUT"}

bundle crate: $(READY)
	@if [ -z "$$KPIREPORT_PERIOD" ]; then echo 'Say of what: make $@ PERIOD=2024-25-q2' >&2; exit 2; fi
	@$(RUN) -m kpireport $@ --period="$$KPIREPORT_PERIOD" $${KPIREPORT_OUT:+--out="$$KPIREPORT_OUT"} \
	  $${KPIREPORT_TO:+--to="$$KPIREPORT_TO"} $${KPIREPORT_DATA:+--data="$$KPIREPORT_DATA"}

sign: $(READY)
	@if [ -z "$$KPIREPORT_PERIOD" ] || [ -z "$$KPIREPORT_KEY" ]; then \
	  echo 'Say what, and with which key: make sign PERIOD=2024-25-q2 KEY=~/.ssh/id_ed25519' >&2; exit 2; fi
	@$(RUN) -m kpireport sign --period="$$KPIREPORT_PERIOD" --key="$$KPIREPORT_KEY" $${KPIREPORT_OUT:+--out="$$KPIREPORT_OUT"}

signed: $(READY)
	@if [ -z "$$KPIREPORT_SIGNERS" ]; then \
	  echo 'Say whom to trust: make signed PERIOD=2024-25-q2 SIGNERS=file, or BUNDLE=file.zip SIGNERS=file' >&2; exit 2; fi
	@$(RUN) -m kpireport signed $${KPIREPORT_PERIOD:+--period="$$KPIREPORT_PERIOD"} \
	  $${KPIREPORT_BUNDLE:+--bundle="$$KPIREPORT_BUNDLE"} --signers="$$KPIREPORT_SIGNERS" \
	  $${KPIREPORT_OUT:+--out="$$KPIREPORT_OUT"}

lab: $(READY)
	@JUPYTER_CONFIG_PATH="$(CURDIR)/notebooks" $(RUN) -m jupyterlab notebooks/explore.ipynb

docs: $(READY)
	@$(RUN) -m kpireport docs $${KPIREPORT_OUT:+--out="$$KPIREPORT_OUT"} $(OPENED)

lint: $(READY)
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

test: lint
	@$(RUN) -m pytest -q -n 2 --dist loadfile

# What long tests print is shown, as it is what they measured.
soak: $(READY)
	@KPIREPORT_SOAK=1 $(RUN) -m pytest -q -n 2 --dist loadfile -rP --durations=20 $$(grep -rli soak tests --include='test_*.py')
	@$(RUN) tests/fuzz/run.py 1200

golden: $(READY)
	@KPIREPORT_GOLDEN=1 $(RUN) -m pytest -q tests/test_quarter.py tests/reports -k golden

bench: $(READY)
	@$(RUN) tests/benchmarks/bench_variation.py
	@$(RUN) tests/benchmarks/bench_builds.py

pictures: $(READY)
	@$(RUN) .ci/pictures.py

lock: $(READY)
	@$(RUN) .ci/lock.py

clean:
	@find outputs -mindepth 1 -maxdepth 1 ! -name .gitkeep -exec rm -rf {} +
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The first Python 3.11 to 3.14 on the machine; PYTHON=... puts another first.
$(VENV_PYTHON):
	@for python in "$$KPIREPORT_PYTHON" python3 python python3.14 python3.13 python3.12 python3.11 'py -3'; do \
	  case $$python in '') continue ;; 'py -3') set -- py -3 ;; *) set -- "$$python" ;; esac; \
	  "$$@" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null || continue; \
	  echo 'Making .venv. This happens once.'; \
	  "$$@" -m venv --clear $(VENV) && exit 0; \
	  rm -rf $(VENV); \
	  echo 'Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv.' >&2; exit 1; \
	done; \
	echo 'kpireport needs Python 3.11, 3.12, 3.13 or 3.14, and none was found. Install one, or name it:' >&2; \
	echo 'make quarter Q=2 PYTHON=/path/to/python3' >&2; exit 1

# .venv/.GROUP is younger than the lock when .venv holds what the lock says.
$(VENV)/.product $(VENV)/.cluster $(VENV)/.crate $(VENV)/.docs $(VENV)/.lab $(VENV)/.test: $(VENV)/.%: $(LOCK) pyproject.toml | $(VENV_PYTHON)
	@if ! $(VENV_PYTHON) -m kpireport.environment --quiet --satisfied $*; then \
	  echo 'Installing the packages of $(LOCK): a minute or two.' && \
	  $(VENV_PYTHON) -m kpireport.environment --requirements $* > $(VENV)/$*.txt && \
	  $(VENV_PYTHON) -m pip install -qq --require-hashes --no-deps -r $(VENV)/$*.txt; \
	fi
	@$(VENV_PYTHON) -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@
