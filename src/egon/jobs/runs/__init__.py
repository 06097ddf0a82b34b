"""Long runs: many things done in the background, one after another, stopped, gone on with, never one of them twice.

``states`` are their states, ``models`` the abstract tables, ``kind`` what a kind of runs is made of,
``work`` the background job that drives all kinds. How to add one: ``docs/howto/long_runs.md``.
"""
