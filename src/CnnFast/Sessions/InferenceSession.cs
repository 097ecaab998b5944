using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Sessions;

namespace CnnFast;

/// <summary>
/// A model made ready to run: rewritten for inference, planned, its weights copied and packed, warmed up
/// (<see cref="SessionOptions.WarmUp"/>). A run then allocates nothing, from the first on. Thread-safe: any number of callers may
/// run at once, each served with pooled memory of its own; each further caller at the same time allocates its memory
/// (<see cref="WorkspaceBytes"/>) once, and it is pooled from then on. Later changes of the model do not reach the session; it
/// then plans no further image sizes.
/// </summary>
public sealed class InferenceSession : IDisposable
{
    private readonly SessionOptions _options;
    private readonly PooledPlan _pooled;
    private readonly PlanCache _shapes;
    private volatile bool _disposed;

    /// <summary>
    /// Plans the model, copies its weights and, unless the options say otherwise, runs MaxBatch samples once,
    /// so that later runs start warm.
    /// </summary>
    /// <param name="model">The model; not to be trained while this runs.</param>
    /// <param name="options">Threads and batch; the defaults when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">MaxBatch is below 1, MaxThreads or MaxCachedShapes is negative, or ConvAlgorithm is
    /// not one of its values.</exception>
    /// <exception cref="ShapeException">The activations of one sample do not fit one buffer, or ByteInput does
    /// not fit the model.</exception>
    /// <exception cref="NotSupportedException">An input or output of an imported model is not of floats.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file of an imported model cannot be read any more.</exception>
    public InferenceSession(Model model, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _options = options ?? new SessionOptions();
        RequireOptions(_options);
        Inputs = model.Inputs;
        Outputs = model.Outputs;
        SessionChecks.RequireFloats(model);
        PlanOptions planOptions = PlanOptionsFor(model, _options);
        _pooled = new PooledPlan(new ExecutionPlan(model.Graph, planOptions), model.Name);
        if (_options.WarmUp)
            _pooled.WarmUp();
        _shapes = new PlanCache(model, planOptions, _options.MaxCachedShapes);
    }

    /// <summary>The inputs, in the order in which the model was built with them.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>The outputs, in the order in which the model was built with them.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The most samples of one run.</summary>
    public int MaxBatch => _options.MaxBatch;

    /// <summary>The most threads of one run, the caller's included.</summary>
    public int MaxThreads => Plan.Scheduler.MaxThreads;

    /// <summary>
    /// Bytes that one run takes for activations and scratch: what each caller at the same time adds to the memory of the process.
    /// </summary>
    public long WorkspaceBytes => Plan.RunBytes;

    /// <summary>Bytes of the packed weights, shared by all callers.</summary>
    public long WeightBytes => Plan.ConstantBytes;

    internal ExecutionPlan Plan => _pooled.Plan;

    /// <summary>
    /// Computes the outputs of 1 to <see cref="MaxBatch"/> samples; the length of the input says how many. Allocates nothing when warm.
    /// </summary>
    /// <param name="input">The samples one after the other, each of the model's input shape.</param>
    /// <param name="output">Receives the outputs one after the other; must not overlap the input.</param>
    /// <param name="cancellationToken">Asked between two layers; a run that was cancelled leaves no result in the output.</param>
    /// <exception cref="ShapeException">A length does not fit; the message gives what was found and expected.</exception>
    /// <exception cref="ArgumentException">The spans overlap.</exception>
    /// <exception cref="InvalidOperationException">The model has several inputs or outputs, or the session takes bytes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output, CancellationToken cancellationToken = default)
    {
        RequireSingle();
        _pooled.Run(Samples(Plan, input, output), input, output, cancellationToken);
    }

    /// <summary>The same on the bytes of images, for a session with <see cref="SessionOptions.ByteInput"/>.</summary>
    /// <param name="images">The images one after the other: rows of pixels, the channels of a pixel side by side (HWC).</param>
    /// <param name="output">Receives the outputs one after the other; must not overlap the images.</param>
    /// <param name="cancellationToken">Asked between two layers; a run that was cancelled leaves no result in the output.</param>
    /// <exception cref="ShapeException">A length does not fit; the message gives what was found and expected.</exception>
    /// <exception cref="ArgumentException">The spans overlap.</exception>
    /// <exception cref="InvalidOperationException">The session takes floats.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public void RunBytes(ReadOnlySpan<byte> images, Span<float> output, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_options.ByteInput is null)
            throw new InvalidOperationException(
                "InferenceSession.RunBytes: the session takes floats; expected SessionOptions.ByteInput to be set for a run on bytes.");
        int n = SessionChecks.BatchOf(nameof(RunBytes), Plan, images.Length, output.Length);
        if (images.Overlaps(MemoryMarshal.AsBytes(output)))
            throw new ArgumentException("InferenceSession.RunBytes: the output overlaps the images; expected separate memory.",
                nameof(output));
        _pooled.Run(n, images, output, cancellationToken);
    }

    /// <summary>
    /// The same on images of another size, for models that every size fits (no Dense after Flatten). The first run of a size plans it,
    /// which takes about as long as creating a session; the plan is kept (<see cref="SessionOptions.MaxCachedShapes"/>) and later runs
    /// of that size allocate nothing.
    /// </summary>
    /// <param name="input">The samples one after the other.</param>
    /// <param name="sample">The shape of one sample: <c>[H, W, C]</c>.</param>
    /// <param name="output">Receives the outputs one after the other, each of <see cref="OutputShapeFor"/>.</param>
    /// <param name="cancellationToken">Asked between two layers; a run that was cancelled leaves no result in the output.</param>
    /// <exception cref="ShapeException">A length does not fit, or the model does not fit the shape; the message says which
    /// layer.</exception>
    /// <exception cref="ArgumentException">The spans overlap.</exception>
    /// <exception cref="InvalidOperationException">The model has several inputs or outputs, the session takes bytes, or the size is new and
    /// the model's weights have changed since the session was created.</exception>
    /// <exception cref="DataFormatException">The size is new, and the file of an imported model, which its weights are read from, has
    /// become shorter or was written over since it was opened.</exception>
    /// <exception cref="IOException">The size is new, and the file of an imported model cannot be read any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public void Run(ReadOnlySpan<float> input, Shape sample, Span<float> output, CancellationToken cancellationToken = default)
    {
        RequireSingle();
        PooledPlan pooled = sample == Inputs[0].Shape ? _pooled : _shapes.For(sample);
        pooled.Run(Samples(pooled.Plan, input, output), input, output, cancellationToken);
    }

    /// <summary>The shape of one sample of the output for images of another size.</summary>
    /// <param name="sample">The shape of one sample of the input.</param>
    /// <returns>The shape of one sample of the output.</returns>
    /// <exception cref="ShapeException">The model does not fit the shape; the message says which layer.</exception>
    /// <exception cref="InvalidOperationException">The model has several inputs or outputs.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public Shape OutputShapeFor(Shape sample)
    {
        RequireSingle();
        return _shapes.OutputShapeFor(sample);
    }

    /// <summary>Computes all outputs from all inputs. Allocates nothing when warm.</summary>
    /// <param name="inputs">One memory an input, in the order of <see cref="Inputs"/>, all of the same number of samples.</param>
    /// <param name="outputs">One memory an output, in the order of <see cref="Outputs"/>; none may overlap another or an input.</param>
    /// <param name="cancellationToken">Asked between two layers; a run that was cancelled leaves no result in the outputs.</param>
    /// <exception cref="ShapeException">A length does not fit; the message gives what was found and expected.</exception>
    /// <exception cref="ArgumentException">There are more or fewer memories than inputs or outputs, or two of them overlap.</exception>
    /// <exception cref="InvalidOperationException">The session takes bytes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public void Run(ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs,
        CancellationToken cancellationToken = default)
    {
        RequireFloats();
        _pooled.Run(SessionChecks.BatchOf(nameof(Run), this, inputs, outputs), inputs, outputs, cancellationToken);
    }

    /// <summary>Computes all outputs from all inputs by their names. Allocates two small arrays, which put the memories in order.</summary>
    /// <param name="inputs">A memory for every input by its name.</param>
    /// <param name="outputs">A memory for every output by its name.</param>
    /// <param name="cancellationToken">Asked between two layers; a run that was cancelled leaves no result in the outputs.</param>
    /// <exception cref="ShapeException">A length does not fit; the message gives what was found and expected.</exception>
    /// <exception cref="ArgumentException">A name is missing or unknown, or two memories overlap.</exception>
    /// <exception cref="InvalidOperationException">The session takes bytes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public void Run(IReadOnlyDictionary<string, ReadOnlyMemory<float>> inputs, IReadOnlyDictionary<string, Memory<float>> outputs,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        ReadOnlyMemory<float>[] ordered = SessionChecks.InOrder("input", Inputs, inputs);
        Run(ordered, SessionChecks.InOrder("output", Outputs, outputs), cancellationToken);
    }

    /// <summary>The same on tensors of System.Numerics.Tensors, whose first dimension is the batch. Allocates nothing when warm.</summary>
    /// <param name="input">A dense tensor <c>[N, …]</c> of the model's input shape.</param>
    /// <param name="output">A dense tensor <c>[N, …]</c> of the model's output shape.</param>
    /// <param name="cancellationToken">Asked between two layers; a run that was cancelled leaves no result in the output.</param>
    /// <exception cref="ShapeException">A shape does not fit, or a tensor has gaps between its elements; the message gives what was
    /// found and expected.</exception>
    /// <exception cref="ArgumentException">The tensors overlap.</exception>
    /// <exception cref="InvalidOperationException">The model has several inputs or outputs, or the session takes bytes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public void Run(in ReadOnlyTensorSpan<float> input, in TensorSpan<float> output, CancellationToken cancellationToken = default)
    {
        RequireSingle();
        ReadOnlyTensorSpan<float> result = output;
        int n = SessionChecks.RequireDense("input", input, Inputs[0].Shape);
        if (SessionChecks.RequireDense("output", result, Outputs[0].Shape) != n)
            throw new ShapeException(
                $"InferenceSession.Run: the input tensor has {n} samples and the output tensor {output.Lengths[0]}; expected as many.");
        Run(SessionChecks.Elements(input), SessionChecks.Elements(output), cancellationToken);
    }

    /// <summary>The same, into a new tensor.</summary>
    /// <param name="input">A dense tensor <c>[N, …]</c> of the model's input shape.</param>
    /// <param name="cancellationToken">Asked between two layers.</param>
    /// <returns>A tensor <c>[N, …]</c> of the model's output shape.</returns>
    /// <exception cref="ShapeException">The shape does not fit, or the tensor has gaps between its elements; the message gives what was
    /// found and expected.</exception>
    /// <exception cref="InvalidOperationException">The model has several inputs or outputs, or the session takes bytes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public Tensor<float> Run(in ReadOnlyTensorSpan<float> input, CancellationToken cancellationToken = default)
    {
        RequireSingle();
        int n = SessionChecks.RequireDense("input", input, Inputs[0].Shape);
        Span<nint> lengths = stackalloc nint[Outputs[0].Shape.Rank + 1];
        lengths[0] = n;
        for (int i = 1; i < lengths.Length; i++)
            lengths[i] = Outputs[0].Shape[i - 1];
        Tensor<float> output = Tensor.CreateFromShape<float>(lengths);
        Run(input, output.AsTensorSpan(), cancellationToken);
        return output;
    }

    /// <summary>Runs on a thread of the pool. Cancelling is noticed between two layers; the output then holds no result.</summary>
    /// <param name="input">The samples one after the other; not to be changed before the task has ended.</param>
    /// <param name="output">Receives the outputs one after the other.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>A task that ends with the run: cancelled, or faulted with the exceptions of
    /// <see cref="Run(ReadOnlySpan{float}, Span{float}, CancellationToken)"/>.</returns>
    public Task RunAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken = default) =>
        Task.Run(() => Run(input.Span, output.Span, cancellationToken), cancellationToken);

    /// <summary>The same for all inputs and outputs.</summary>
    /// <param name="inputs">One memory an input, in the order of <see cref="Inputs"/>; neither the array nor the memories are to be changed
    /// before the task has ended.</param>
    /// <param name="outputs">One memory an output, in the order of <see cref="Outputs"/>.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>A task that ends with the run: cancelled, or faulted with the exceptions of
    /// <see cref="Run(ReadOnlySpan{ReadOnlyMemory{float}}, ReadOnlySpan{Memory{float}}, CancellationToken)"/>.</returns>
    public Task RunAsync(ReadOnlyMemory<float>[] inputs, Memory<float>[] outputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        return Task.Run(() => Run(inputs.AsSpan(), outputs, cancellationToken), cancellationToken);
    }

    /// <summary>The same on the bytes of images, for a session with <see cref="SessionOptions.ByteInput"/>.</summary>
    /// <param name="images">The images one after the other; not to be changed before the task has ended.</param>
    /// <param name="output">Receives the outputs one after the other.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>A task that ends with the run: cancelled, or faulted with the exceptions of <see cref="RunBytes"/>.</returns>
    public Task RunBytesAsync(ReadOnlyMemory<byte> images, Memory<float> output, CancellationToken cancellationToken = default) =>
        Task.Run(() => RunBytes(images.Span, output.Span, cancellationToken), cancellationToken);

    /// <summary>
    /// Times every node of the compiled model over some runs. Unlike <see cref="Run(ReadOnlySpan{float}, Span{float}, CancellationToken)"/>
    /// it allocates, and reading the clock adds some tens of nanoseconds a node.
    /// </summary>
    /// <param name="input">The samples one after the other.</param>
    /// <param name="output">Receives the outputs one after the other.</param>
    /// <param name="runs">How many runs to time, at least 1.</param>
    /// <returns>The nodes in the order of execution.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="runs"/> is below 1.</exception>
    /// <exception cref="ShapeException">A length does not fit; the message gives what was found and expected.</exception>
    /// <exception cref="ArgumentException">The spans overlap.</exception>
    /// <exception cref="InvalidOperationException">The model has several inputs or outputs, or the session takes bytes.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public IReadOnlyList<NodeProfile> Profile(ReadOnlySpan<float> input, Span<float> output, int runs = 100)
    {
        RequireSingle();
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        return PlanProfile.Measure(Plan, new ValueMemory(Samples(Plan, input, output), input, output), runs);
    }

    /// <summary>The same for all inputs and outputs.</summary>
    /// <param name="inputs">One memory an input, in the order of <see cref="Inputs"/>, all of the same number of samples.</param>
    /// <param name="outputs">One memory an output, in the order of <see cref="Outputs"/>; none may overlap another or an input.</param>
    /// <param name="runs">How many runs to time, at least 1.</param>
    /// <returns>The nodes in the order of execution.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="runs"/> is below 1.</exception>
    /// <exception cref="ShapeException">A length does not fit; the message gives what was found and expected.</exception>
    /// <exception cref="ArgumentException">There are more or fewer memories than inputs or outputs, or two of them overlap.</exception>
    /// <exception cref="InvalidOperationException">The session takes bytes.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public IReadOnlyList<NodeProfile> Profile(ReadOnlySpan<ReadOnlyMemory<float>> inputs, ReadOnlySpan<Memory<float>> outputs,
        int runs = 100)
    {
        RequireFloats();
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        return PlanProfile.Measure(Plan, new ValueMemory(SessionChecks.BatchOf(nameof(Profile), this, inputs, outputs), inputs, outputs),
            runs);
    }

    /// <summary>How the session runs the model: what was rewritten, which kernels run, where memory goes.</summary>
    /// <returns>The description; it stays true for the life of the session.</returns>
    public PlanInfo DescribePlan() => PlanInfo.Of(Plan);

    /// <summary>
    /// How a session would run a model, without one. Also for models whose inputs or outputs are not floats. It reads and packs
    /// the weights, as a session does.
    /// </summary>
    /// <param name="model">The model; not to be trained while this runs.</param>
    /// <param name="options">Threads and batch; the defaults when not given.</param>
    /// <returns>The description.</returns>
    /// <exception cref="ArgumentOutOfRangeException">MaxBatch is below 1, MaxThreads or MaxCachedShapes is negative, or ConvAlgorithm is
    /// not one of its values.</exception>
    /// <exception cref="ShapeException">The activations of one sample do not fit one buffer, or ByteInput does
    /// not fit the model.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file of an imported model cannot be read any more.</exception>
    public static PlanInfo DescribePlan(Model model, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new SessionOptions();
        RequireOptions(options);
        return PlanInfo.Of(new ExecutionPlan(model.Graph, PlanOptionsFor(model, options)));
    }

    /// <summary>Ends the session: later runs throw. Runs under way finish. A session that is never disposed leaks nothing.</summary>
    public void Dispose() => _disposed = true;

    private static PlanOptions PlanOptionsFor(Model model, SessionOptions options)
    {
        SessionChecks.RequireBatch(model, options);
        options.ByteInput?.RequireFit(model.Inputs, model.Outputs);
        return new PlanOptions(options.MaxBatch, WorkScheduler.CreateForInference(options.MaxThreads), options.ConvAlgorithm)
        {
            MaxRunBytes = model.MaxRunBytes,
            KeepsDenormals = options.KeepDenormalWeights,
            WeightPrecision = options.WeightPrecision,
            Passes = options.ByteInput is null
                ? GraphCompiler.InferencePasses
                : [.. GraphCompiler.InferencePasses, new FoldByteInput(options.ByteInput)],
        };
    }

    private static void RequireOptions(SessionOptions options)
    {
        if (options.MaxBatch < 1)
            throw new ArgumentOutOfRangeException(nameof(options),
                $"InferenceSession: MaxBatch is {options.MaxBatch}; expected at least 1.");
        if (options.MaxThreads < 0)
            throw new ArgumentOutOfRangeException(nameof(options),
                $"InferenceSession: MaxThreads is {options.MaxThreads}; expected at least 0.");
        if (options.MaxCachedShapes < 0)
            throw new ArgumentOutOfRangeException(nameof(options),
                $"InferenceSession: MaxCachedShapes is {options.MaxCachedShapes}; expected at least 0.");
        OptionCheck.Defined("InferenceSession", options.ConvAlgorithm);
        OptionCheck.Defined("InferenceSession", options.WeightPrecision);
    }

    // The samples of a call with one input and one output, whose lengths and places are checked.
    private static int Samples(ExecutionPlan plan, ReadOnlySpan<float> input, Span<float> output, [CallerMemberName] string method = "")
    {
        int n = SessionChecks.BatchOf(method, plan, input.Length, output.Length);
        return !input.Overlaps(output)
            ? n
            : throw new ArgumentException($"InferenceSession.{method}: the output overlaps the input; expected separate memory.",
                nameof(output));
    }

    private void RequireSingle([CallerMemberName] string method = "")
    {
        RequireFloats(method);
        if (Inputs.Count != 1 || Outputs.Count != 1)
            throw new InvalidOperationException($"InferenceSession.{method}: the model has {Inputs.Count} inputs and {Outputs.Count} " +
                "outputs; expected one of each: Run, RunAsync and Profile also take a memory for each.");
    }

    private void RequireFloats([CallerMemberName] string method = "")
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_options.ByteInput is not null)
            throw new InvalidOperationException($"InferenceSession.{method}: the session takes bytes, " +
                "because SessionOptions.ByteInput is set; expected a call of RunBytes.");
    }
}
