"""Telling staff that something waits for them: by text message, email or webhook, and never what it is about.

Each way is a `clinic.notify.route.Route` in a file of its own. `clinic.notify.notices.Notices` tries them in order.
"""
