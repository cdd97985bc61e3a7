"""The process in which one notebook runs: an ordinary IPython kernel, without history, started as quickly as may be."""

from ipykernel.kernelapp import IPKernelApp

if __name__ == "__main__":
    IPKernelApp.launch_instance()
