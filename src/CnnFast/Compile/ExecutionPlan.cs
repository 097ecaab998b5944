using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>
/// A graph made ready for inference at up to a number of samples: steps in order, views and dropout removed, weights packed once, every
/// value placed in one arena. Holds no memory of a run, so that many threads can run it at once, each with its own <see cref="RunMemory"/>.
/// </summary>
internal sealed class ExecutionPlan
{
    private readonly PlanStep[] _steps;
    private readonly AlignedBuffer<float> _constants;

    /// <summary>Plans a graph and packs its weights as they are now.</summary>
    /// <param name="graph">The graph, with one input.</param>
    /// <param name="output">The value to compute; its consumers are left out.</param>
    /// <param name="maxBatch">The most samples of a run.</param>
    /// <param name="scheduler">Where the work runs.</param>
    /// <param name="algorithm">How convolutions are computed.</param>
    /// <exception cref="ShapeException">A value or the arena would be larger than one buffer can be.</exception>
    public ExecutionPlan(Graph graph, ValueInfo output, int maxBatch, IWorkScheduler scheduler, ConvAlgorithm algorithm)
    {
        Scheduler = scheduler;
        MaxBatch = maxBatch;
        InputLength = graph.Inputs[0].SampleLength;
        OutputLength = output.SampleLength;
        var placement = new InferencePlacement(graph, output, maxBatch, algorithm);
        ArenaLength = placement.ArenaLength;
        _steps = placement.CreateSteps();
        int constants = 0;
        foreach (PlanStep step in _steps)
        {
            constants = Math.Max(constants, step.ConstantOffset + step.ConstantLength);
            WorkspaceLength = Math.Max(WorkspaceLength, step.Step.WorkspaceBytes(scheduler.MaxThreads));
        }

        _constants = new AlignedBuffer<float>(constants);
        PrepareConstants();
    }

    /// <summary>Where the work runs.</summary>
    public IWorkScheduler Scheduler { get; }

    /// <summary>The most samples of a run.</summary>
    public int MaxBatch { get; }

    /// <summary>Floats of one sample of the input.</summary>
    public int InputLength { get; }

    /// <summary>Floats of one sample of the output.</summary>
    public int OutputLength { get; }

    /// <summary>Floats that the activations of a run take.</summary>
    public int ArenaLength { get; }

    /// <summary>Scratch bytes that a run takes.</summary>
    public int WorkspaceLength { get; }

    /// <summary>Bytes of packed weights.</summary>
    public long ConstantBytes => (long)_constants.Length * sizeof(float);

    /// <summary>Bytes that one run takes.</summary>
    public long RunBytes => ((long)ArenaLength * sizeof(float)) + WorkspaceLength;

    /// <summary>Packs the weights as they are now. Not to be called while the plan runs.</summary>
    public void PrepareConstants()
    {
        foreach (PlanStep step in _steps)
            step.Step.PrepareConstants(step.Parameters, _constants.Span.Slice(step.ConstantOffset, step.ConstantLength));
    }

    /// <summary>Runs n samples. The lengths are the caller's to check.</summary>
    /// <param name="n">Samples, 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="input">n samples of the input.</param>
    /// <param name="output">Receives n samples of the output.</param>
    /// <param name="memory">Memory that no other run uses at the same time.</param>
    public void Run(int n, ReadOnlySpan<float> input, Span<float> output, RunMemory memory)
    {
        var values = new ValueMemory(n, input, output, memory.Arena);
        ReadOnlySpan<float> constants = _constants.Span;
        foreach (PlanStep step in _steps)
            step.Step.Run(new ForwardContext(Scheduler, values, step.Inputs, step.Output, constants.Slice(step.ConstantOffset, step.ConstantLength), memory.Workspace, default));
    }
}
