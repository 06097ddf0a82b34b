"""The server's own settings: for 2 cores and little memory, safe against power loss unless tests ask otherwise."""

from pathlib import Path


def settings_for(socket_folder: Path, port: int, *, durable: bool, max_connections: int) -> dict[str, str]:
    """Settings passed on the command line, so that an upgrade of the product takes effect without touching the data."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "port": str(port),
        "max_connections": str(max_connections),
        "shared_buffers": "128MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "effective_cache_size": "1GB",
        "random_page_cost": "1.1",
        "max_wal_size": "1GB",
        "max_worker_processes": "4",
        "max_parallel_workers_per_gather": "1",
        "autovacuum_max_workers": "2",
        "io_method": "sync",
        "jit": "off",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_destination": "stderr",
        "logging_collector": "off",
    }
    if not durable:
        # Commits stay synchronous: a killed server then loses nothing, only a power cut does harm.
        settings |= {"fsync": "off", "full_page_writes": "off", "autovacuum_naptime": "5min"}
    return settings


def as_arguments(settings: dict[str, str]) -> list[str]:
    """``-c name=value`` for each setting."""
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
