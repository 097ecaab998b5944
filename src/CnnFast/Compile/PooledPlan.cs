using Microsoft.Extensions.ObjectPool;

namespace CnnFast.Compile;

/// <summary>A plan with pooled memory, so that any number of callers can run it at once. A warm run allocates nothing. Thread-safe.</summary>
internal sealed class PooledPlan
{
    // Memory of more callers than this at once is left to the garbage collector.
    private const int MaxPooled = 64;

    private readonly DefaultObjectPool<RunMemory> _pool;

    /// <summary>Pools the memory of a plan's runs.</summary>
    public PooledPlan(ExecutionPlan plan)
    {
        Plan = plan;
        _pool = new DefaultObjectPool<RunMemory>(new MemoryPolicy(plan), MaxPooled);
    }

    /// <summary>The plan.</summary>
    public ExecutionPlan Plan { get; }

    /// <summary>Runs the most samples once, so that later runs on one thread at a time start warm, other threads of the scheduler included.</summary>
    public void WarmUp()
    {
        int samples = Math.Min(Plan.MaxBatch, Array.MaxLength / Math.Max(Plan.InputLength, Plan.OutputLength));
        Run(samples, new float[samples * Plan.InputLength], new float[samples * Plan.OutputLength]);
    }

    /// <summary>Runs n samples. The lengths are the caller's to check.</summary>
    public void Run(int n, ReadOnlySpan<float> input, Span<float> output)
    {
        RunMemory memory = _pool.Get();
        try
        {
            Plan.Run(n, input, output, memory);
        }
        finally
        {
            _pool.Return(memory);
        }
    }

    private sealed class MemoryPolicy(ExecutionPlan plan) : PooledObjectPolicy<RunMemory>
    {
        public override RunMemory Create() => new(plan);

        public override bool Return(RunMemory obj) => true;
    }
}
