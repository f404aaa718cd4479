"""The baker: public pages as static files, each re-baked exactly when something it was made of changes.

A view that can be baked says what it reads (:func:`.reading.reads`) and until which day its content holds
(:func:`.reading.until`); whoever changes something says so (:func:`.touched.touch`) in the transaction of the change;
an app lists its baked pages as :class:`.families.Family` values in ``pages.py``. Everything else is the baker's work.
"""
