using CnnFast.Graphs;
using Microsoft.Extensions.ObjectPool;

namespace CnnFast.Compile;

/// <summary>
/// A plan with pooled memory, so that any number of callers can run it at once. A warm run allocates nothing. Thread-safe.
/// </summary>
internal sealed class PooledPlan
{
    // Memory of more callers than this at once is left to the garbage collector.
    private const int MaxPooled = 64;

    private readonly DefaultObjectPool<RunMemory> _pool;

    private readonly string? _model;

    /// <summary>Pools the memory of a plan's runs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="model">What listeners call the model, where it has a name.</param>
    public PooledPlan(ExecutionPlan plan, string? model)
    {
        Plan = plan;
        _model = model;
        _pool = new DefaultObjectPool<RunMemory>(new MemoryPolicy(plan), MaxPooled);
    }

    /// <summary>The plan.</summary>
    public ExecutionPlan Plan { get; }

    /// <summary>
    /// Runs the most samples that pass through the steps at once, so that later runs on one thread at a time start warm, other threads of
    /// the scheduler included; listeners are not told.
    /// </summary>
    public void WarmUp()
    {
        int longest = Plan.Inputs.Concat(Plan.Outputs).Max(value => value.SampleLength);
        int samples = Math.Min(Plan.StepBatch, Array.MaxLength / longest);
        Memory<float>[] outputs = [.. Plan.Outputs.Select(output => new Memory<float>(new float[samples * output.SampleLength]))];
        RunMemory memory = _pool.Get();
        Plan.Run(
            Plan.TakesBytes
                ? new ValueMemory(samples, new byte[samples * Plan.InputLength], outputs[0].Span)
                : new ValueMemory(samples,
                    [.. Plan.Inputs.Select(input => new ReadOnlyMemory<float>(new float[samples * input.SampleLength]))], outputs),
            memory);
        _pool.Return(memory);
    }

    /// <summary>Runs n samples of a plan with one input and one output. The lengths are the caller's to check.</summary>
    public void Run(int n, ReadOnlySpan<float> input, Span<float> output, CancellationToken cancellationToken) =>
        Run(new ValueMemory(n, input, output), cancellationToken);

    /// <summary>Runs n samples. The lengths are the caller's to check.</summary>
    public void Run(int n, ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs,
        CancellationToken cancellationToken) =>
        Run(new ValueMemory(n, inputs, outputs), cancellationToken);

    /// <summary>Runs n images of a plan that takes bytes. The lengths are the caller's to check.</summary>
    public void Run(int n, ReadOnlySpan<byte> images, Span<float> output, CancellationToken cancellationToken) =>
        Run(new ValueMemory(n, images, output), cancellationToken);

    private void Run(in ValueMemory caller, CancellationToken cancellationToken)
    {
        long start = RunMetrics.Start(_model, caller.N);
        RunMemory memory = _pool.Get();
        try
        {
            Plan.Run(caller, memory, cancellationToken);
        }
        finally
        {
            _pool.Return(memory);
            RunMetrics.Stop(start, _model, caller.N);
        }
    }

    private sealed class MemoryPolicy(ExecutionPlan plan) : PooledObjectPolicy<RunMemory>
    {
        public override RunMemory Create() => new(plan);

        public override bool Return(RunMemory obj) => true;
    }
}
