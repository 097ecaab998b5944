using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

public sealed class OperatorAllocationTests
{
    [Fact]
    public void No_run_of_an_operator_allocates()
    {
        foreach (OperatorSuite.Entry entry in new OperatorSuite().Entries)
        {
            entry.Run(SerialScheduler.Instance);
            long bytes = Allocations.Least(() => entry.Run(SerialScheduler.Instance));
            Assert.True(bytes == 0, $"a run of {entry.Name} allocated {bytes} bytes");
        }
    }
}
