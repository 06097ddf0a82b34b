"""WebDAV for office programs: one component that a person has taken out, as one file in one folder."""
