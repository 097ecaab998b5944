using CnnFast.Compile;
using CnnFast.Graphs;

namespace CnnFast.Sessions;

/// <summary>
/// The plans of one model for image sizes besides its own; the least recently used one makes room. A hit allocates nothing and never waits
/// for the planning of another size. Thread-safe.
/// </summary>
/// <param name="model">The model, with one input and one output; its weights must be those of now whenever a size is planned.</param>
/// <param name="options">What the plans are made for.</param>
/// <param name="capacity">The most plans that are kept.</param>
internal sealed class PlanCache(Model model, PlanOptions options, int capacity)
{
    private readonly Lock _lock = new();
    private readonly List<(Shape Sample, Lazy<PooledPlan> Plan)> _recent = [];
    private readonly long _version = model.ParameterVersion;

    /// <summary>The plan for a shape, made where there is none.</summary>
    /// <exception cref="ShapeException">The graph does not fit the shape.</exception>
    /// <exception cref="InvalidOperationException">The shape is new and the model's weights have changed.</exception>
    public PooledPlan For(Shape sample)
    {
        Lazy<PooledPlan> plan = Enter(sample);
        try
        {
            return plan.Value;
        }
        catch
        {
            Forget(plan);
            throw;
        }
    }

    /// <summary>The shape of one sample of the output for a shape of the input; plans nothing.</summary>
    /// <exception cref="ShapeException">The graph does not fit the shape.</exception>
    public Shape OutputShapeFor(Shape sample) => model.GraphFor(sample).Outputs[0].Shape;

    private Lazy<PooledPlan> Enter(Shape sample)
    {
        lock (_lock)
        {
            for (int i = 0; i < _recent.Count; i++)
            {
                if (_recent[i].Sample == sample)
                {
                    (Shape Sample, Lazy<PooledPlan> Plan) found = _recent[i];
                    _recent.RemoveAt(i);
                    _recent.Add(found);
                    return found.Plan;
                }
            }

            Lazy<PooledPlan> plan = Later(sample);
            if (capacity == 0)
                return plan;
            if (_recent.Count == capacity)
                _recent.RemoveAt(0);
            _recent.Add((sample, plan));
            return plan;
        }
    }

    // Methods of their own, so that a hit makes no closure.
    private Lazy<PooledPlan> Later(Shape sample) => new(() => Create(sample));

    private void Forget(Lazy<PooledPlan> plan)
    {
        lock (_lock)
            _recent.RemoveAll(entry => ReferenceEquals(entry.Plan, plan));
    }

    private PooledPlan Create(Shape sample)
    {
        if (model.ParameterVersion != _version)
            throw new InvalidOperationException("InferenceSession: the model's weights have changed since the session was created, " +
                $"so that inputs of {ShapeText.OfSample(sample)} would run with other weights than the rest; expected a new session.");
        return new PooledPlan(new ExecutionPlan(model.GraphFor(sample), options), model.Name);
    }
}
