using System.Diagnostics;
using System.Diagnostics.Tracing;
using CnnFast.Diagnostics;
using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Compile;

/// <summary>
/// A graph made ready for inference at up to a number of samples: rewritten by the passes, steps in order, weights packed once, every
/// value placed in one arena. Holds no memory of a run, so that many threads can run it at once, each with its own <see cref="RunMemory"/>.
/// </summary>
internal sealed class ExecutionPlan
{
    private readonly PlanStep[] _steps;
    private readonly IReadOnlyList<(ConstantOperation Constant, int Offset)> _fixed;
    private readonly AlignedBuffer<float> _constants;
    private readonly Lazy<IReadOnlyList<ActivationInfo>> _activations;
    private readonly bool _keepsDenormals;

    /// <summary>Plans a graph and packs its weights as they are now.</summary>
    /// <param name="graph">The graph; its outputs are the values to compute.</param>
    /// <param name="options">What the plan is made for.</param>
    /// <exception cref="ShapeException">A value or the arena would be larger than one buffer can be.</exception>
    public ExecutionPlan(Graph graph, PlanOptions options)
    {
        Scheduler = options.Scheduler;
        MaxBatch = options.MaxBatch;
        _keepsDenormals = options.KeepsDenormals;
        CompiledGraph compiled = GraphCompiler.Compile(graph, options.Passes);
        Passes = compiled.Passes;
        Inputs = compiled.Graph.Inputs;
        Outputs = compiled.Graph.Outputs;
        TakesBytes = compiled.Graph.Nodes.Any(node => node.Operation is ByteImageOperation or ByteNormalizationOperation);
        StepBatch = BatchSplit.Choose(compiled.Graph, options);
        var placement = new InferencePlacement(compiled.Graph, options with { MaxBatch = StepBatch });
        Memory = placement.Memory;
        _steps = placement.CreateSteps();
        _activations = new Lazy<IReadOnlyList<ActivationInfo>>(() => placement.Activations);
        _fixed = placement.Constants;
        int constants = placement.ConstantLength;
        foreach (PlanStep step in _steps)
        {
            constants = Math.Max(constants, step.Operands.ConstantOffset + step.ConstantLength);
            WorkspaceLength = Math.Max(WorkspaceLength, WorkspaceBytesOf(step));
        }

        long bytes = RunBytes + ((long)constants * sizeof(float));
        if (bytes > options.MaxRunBytes)
            throw new ShapeException($"A run of {MaxBatch} samples takes {bytes} bytes, packed weights included; " +
                $"expected at most {options.MaxRunBytes}, the limit that the model was loaded with: lower the batch, or raise the limit.");
        _constants = new AlignedBuffer<float>(constants);
        PrepareConstants();
    }

    /// <summary>Plans the way to one value of a graph.</summary>
    public ExecutionPlan(Graph graph, ValueInfo output, PlanOptions options)
        : this(graph with { Outputs = [output] }, options)
    {
    }

    /// <summary>Where the work runs.</summary>
    public IWorkScheduler Scheduler { get; }

    /// <summary>The most samples of a run.</summary>
    public int MaxBatch { get; }

    /// <summary>The most samples that pass through the steps at once; a run of more goes through in parts.</summary>
    public int StepBatch { get; }

    /// <summary>What the passes did.</summary>
    public IReadOnlyList<PassReport> Passes { get; }

    /// <summary>The values that a caller gives.</summary>
    public IReadOnlyList<ValueInfo> Inputs { get; }

    /// <summary>The values that a caller receives.</summary>
    public IReadOnlyList<ValueInfo> Outputs { get; }

    /// <summary>Whether the input is bytes.</summary>
    public bool TakesBytes { get; }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<PlanStep> Steps => _steps;

    /// <summary>Floats of one sample of the first input.</summary>
    public int InputLength => Inputs[0].SampleLength;

    /// <summary>Floats of one sample of the first output.</summary>
    public int OutputLength => Outputs[0].SampleLength;

    /// <summary>Where the activations are.</summary>
    public MemoryPlan Memory { get; }

    /// <summary>What lies there, from which step to which.</summary>
    public IReadOnlyList<ActivationInfo> Activations => _activations.Value;

    /// <summary>Scratch bytes that a run takes.</summary>
    public int WorkspaceLength { get; }

    /// <summary>Bytes of packed weights.</summary>
    public long ConstantBytes => (long)_constants.Length * sizeof(float);

    /// <summary>Bytes that one run takes.</summary>
    public long RunBytes => ((long)Memory.Length * sizeof(float)) + WorkspaceLength;

    /// <summary>Scratch bytes that a step takes.</summary>
    /// <exception cref="ShapeException">They are more than one buffer holds.</exception>
    public int WorkspaceBytesOf(PlanStep step)
    {
        try
        {
            return step.Step.WorkspaceBytes(Scheduler.MaxThreads);
        }
        catch (OverflowException e)
        {
            throw new ShapeException(
                $"{step.Kind} '{step.Name}': its scratch memory is larger than one buffer can be; expected smaller inputs.", e);
        }
    }

    /// <summary>Packs the weights as they are now. Not to be called while the plan runs.</summary>
    public void PrepareConstants()
    {
        foreach ((ConstantOperation constant, int offset) in _fixed)
            constant.Values.Span.CopyTo(_constants.Span[offset..]);
        var values = new ParameterValues([]);

        // The largest first: its buffers are mostly long enough for the others.
        var packing = new ConstantPacking(Scheduler, _keepsDenormals);
        foreach (PlanStep step in _steps.OrderByDescending(step => step.ConstantLength))
            step.Step.PackConstants(values.Of(step.Parameters), step.ConstantsIn(_constants.Span), packing);
    }

    /// <summary>Runs n samples of a graph with one input and one output. The lengths are the caller's to check.</summary>
    /// <param name="n">Samples, 1 to <see cref="MaxBatch"/>.</param>
    /// <param name="input">n samples of the input.</param>
    /// <param name="output">Receives n samples of the output.</param>
    /// <param name="memory">Memory that no other run uses at the same time.</param>
    public void Run(int n, ReadOnlySpan<float> input, Span<float> output, RunMemory memory) =>
        Run(new ValueMemory(n, input, output), memory);

    /// <summary>Runs the steps. The lengths are the caller's to check.</summary>
    /// <param name="values">The caller's inputs and outputs.</param>
    /// <param name="memory">Memory that no other run uses at the same time.</param>
    /// <param name="cancellationToken">Asked between steps.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run(in ValueMemory values, RunMemory memory, CancellationToken cancellationToken = default)
    {
        if (CnnFastEventSource.Log.IsEnabled(EventLevel.Verbose, EventKeywords.None))
            Run(values, memory, default(StepEvents), cancellationToken);
        else
            Run(values, memory, default(Unobserved), cancellationToken);
    }

    /// <summary>Runs the steps and notes how long each took.</summary>
    /// <param name="values">The caller's inputs and outputs.</param>
    /// <param name="memory">Memory that no other run uses at the same time.</param>
    /// <param name="ticks">The times, in ticks of <see cref="Stopwatch"/>, one a step.</param>
    public void RunTimed(in ValueMemory values, RunMemory memory, long[] ticks)
    {
        ticks.AsSpan().Clear();
        Run(values, memory, new StepTimes(ticks), CancellationToken.None);
    }

    private void Run<TObserver>(in ValueMemory values, RunMemory memory, TObserver observer, CancellationToken cancellationToken)
        where TObserver : struct, IStepObserver
    {
        var context = new ForwardContext(Scheduler, values, memory.Arena, _constants.Span, memory.Workspace);
        int n = values.N;
        for (int first = 0; first < n; first += StepBatch)
        {
            context.Take(first, Math.Min(StepBatch, n - first));
            StepLoop.Run(_steps, ref context, observer, cancellationToken);
        }
    }
}
