using Xunit.Sdk;
using Xunit.v3;

// Some tests set environment variables, which the whole process sees.
[assembly: Parallelization(Mode = ParallelMode.None)]
