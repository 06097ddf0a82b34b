"""Password hashing for tests: the real algorithm at its lowest cost, since the world has dozens of accounts."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 with one pass over 64 KiB; hashes it makes are verified by the real hasher too."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
