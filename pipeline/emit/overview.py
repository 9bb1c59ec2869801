def write_overview(*a): raise NotImplementedError
