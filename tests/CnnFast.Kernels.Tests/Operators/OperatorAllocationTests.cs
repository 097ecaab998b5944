namespace CnnFast.Kernels.Tests;

public sealed class OperatorAllocationTests
{
    [Fact]
    public void No_run_of_an_operator_allocates()
    {
        foreach (OperatorSuite.Entry entry in new OperatorSuite().Entries)
        {
            entry.Run(SerialScheduler.Instance);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
                entry.Run(SerialScheduler.Instance);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(bytes == 0, $"10 runs of {entry.Name} allocated {bytes} bytes");
        }
    }
}
