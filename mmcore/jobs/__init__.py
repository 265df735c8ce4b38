"""Where work is carried out: jobs of this process, or of a Dask cluster."""
