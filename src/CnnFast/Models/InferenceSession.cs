using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast;

/// <summary>
/// A model made ready to run: planned, its weights copied and packed, warmed up. <see cref="Run"/> allocates nothing, from the first run on.
/// Thread-safe: any number of callers may run at once, each served with pooled memory of its own; each further caller at the same time
/// allocates its memory (<see cref="WorkspaceBytes"/>) once, and it is pooled from then on. Later changes of the model do not reach the session.
/// </summary>
public sealed class InferenceSession : IDisposable
{
    private readonly ExecutionPlan _plan;
    private readonly PooledPlan _pooled;
    private readonly Shape _inputShape;
    private readonly Shape _outputShape;
    private volatile bool _disposed;

    /// <summary>Plans the model, copies its weights and runs MaxBatch samples once, so that later runs start warm.</summary>
    /// <param name="model">The model; not to be trained while this runs.</param>
    /// <param name="options">Threads and batch; the defaults when not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">MaxBatch is below 1, MaxThreads is negative, or ConvAlgorithm is not one of its values.</exception>
    /// <exception cref="ShapeException">The activations of MaxBatch samples do not fit one buffer.</exception>
    public InferenceSession(Model model, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new SessionOptions();
        if (options.MaxBatch < 1)
            throw new ArgumentOutOfRangeException(nameof(options), $"InferenceSession: MaxBatch is {options.MaxBatch}; expected at least 1.");
        if (options.MaxThreads < 0)
            throw new ArgumentOutOfRangeException(nameof(options), $"InferenceSession: MaxThreads is {options.MaxThreads}; expected at least 0.");
        OptionCheck.Defined("InferenceSession", options.ConvAlgorithm);
        _inputShape = model.InputShape;
        _outputShape = model.OutputShape;
        _plan = new ExecutionPlan(model.Graph, new PlanOptions(options.MaxBatch, WorkScheduler.CreateForInference(options.MaxThreads), options.ConvAlgorithm));
        _pooled = new PooledPlan(_plan);
        _pooled.WarmUp();
    }

    /// <summary>The most samples of one run.</summary>
    public int MaxBatch => _plan.MaxBatch;

    /// <summary>The most threads of one run, the caller's included.</summary>
    public int MaxThreads => _plan.Scheduler.MaxThreads;

    /// <summary>Bytes that one run takes for activations and scratch: what each caller at the same time adds to the memory of the process.</summary>
    public long WorkspaceBytes => _plan.RunBytes;

    /// <summary>Bytes of the packed weights, shared by all callers.</summary>
    public long WeightBytes => _plan.ConstantBytes;

    /// <summary>Computes the outputs of 1 to <see cref="MaxBatch"/> samples; the length of the input says how many. Allocates nothing when warm.</summary>
    /// <param name="input">The samples one after the other, each of the model's input shape.</param>
    /// <param name="output">Receives the outputs one after the other; must not overlap the input.</param>
    /// <exception cref="ShapeException">A length does not fit; the message gives what was found and expected.</exception>
    /// <exception cref="ArgumentException">The spans overlap.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int n = input.Length / _plan.InputLength;
        if (n < 1 || n > MaxBatch || input.Length != n * _plan.InputLength)
            throw WrongInput(input.Length);
        if (output.Length != n * _plan.OutputLength)
            throw new ShapeException($"InferenceSession.Run: the output has {output.Length} values; expected {n * _plan.OutputLength} for {n} {(n == 1 ? "sample" : "samples")} of {ShapeText.OfSample(_outputShape)}.");
        if (input.Overlaps(output))
            throw new ArgumentException("InferenceSession.Run: the output overlaps the input; expected separate memory.", nameof(output));

        _pooled.Run(n, input, output);
    }

    /// <summary>Ends the session: later runs throw. Runs under way finish. A session that is never disposed leaks nothing.</summary>
    public void Dispose() => _disposed = true;

    private ShapeException WrongInput(int length) => new(
        $"InferenceSession.Run: the input has {length} values; expected {(MaxBatch == 1 ? $"{_plan.InputLength} for one sample" : $"a multiple of {_plan.InputLength} for 1 to {MaxBatch} samples")} of {ShapeText.OfSample(_inputShape)}.");
}
