"""The one place that knows Dask (https://distributed.dask.org/en/stable/client.html)."""

from concurrent.futures import Executor

from planner.errors import ConfigError, Unavailable


def executor(address: str) -> Executor:
    """Return an executor whose tasks run on the workers of a cluster; those of a worker that dies run again.

    Raises ConfigError where Dask is not installed, Unavailable where no scheduler answers.
    """
    try:
        from distributed import Client
        from distributed.cfexecutor import ClientExecutor
    except ImportError as error:
        raise ConfigError("Dask is not installed", hint="pip install 'hub2ar[dask]'") from error
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise Unavailable(f"no Dask scheduler answers at {address}", hint="is it running there?") from error

    class Connected(ClientExecutor):  # type: ignore[misc]  # Dask has no types
        """Lets go of the cluster when its tasks are done."""

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=wait and not cancel_futures)
            client.close()

    found: Executor = Connected(client, retries=3, pure=False)
    return found
