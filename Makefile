# Every target is a task of `python -m setup`, which finds a Python 3.11 and builds what the task needs.
# `make TASK OPTIONS="..."` passes options on. Any Python 3.7 or later may start it.
PYTHON := $(shell for p in python3.11 python3 python "$$(uv python find 3.11 2>&-)" "$$HOME"/.pyenv/versions/3.11*/bin/python; do \
  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 7))' >&- 2>&- && echo "$$p" && break; done)
TASKS := run test check demo train setup lock clean help

.PHONY: $(TASKS)
.DEFAULT_GOAL := help

$(TASKS):
	@$(if $(PYTHON),$(PYTHON) -m setup $@ $(OPTIONS),echo "harbour: Python was not found: install Python 3.11 and run this again." >&2; exit 1)
