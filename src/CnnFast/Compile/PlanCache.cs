using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>The plans of one model for image sizes besides its own; the least recently used one makes room. A hit allocates nothing. Thread-safe.</summary>
/// <param name="graph">The model's graph, with one input and one output.</param>
/// <param name="options">What the plans are made for.</param>
/// <param name="capacity">The most plans that are kept.</param>
internal sealed class PlanCache(Graph graph, PlanOptions options, int capacity)
{
    private readonly Lock _lock = new();
    private readonly List<(Shape Sample, PooledPlan Plan)> _recent = [];

    /// <summary>The plan for a shape, made where there is none.</summary>
    /// <exception cref="ShapeException">The graph does not fit the shape.</exception>
    public PooledPlan For(Shape sample)
    {
        lock (_lock)
        {
            for (int i = 0; i < _recent.Count; i++)
            {
                if (_recent[i].Sample == sample)
                {
                    (Shape Sample, PooledPlan Plan) found = _recent[i];
                    _recent.RemoveAt(i);
                    _recent.Add(found);
                    return found.Plan;
                }
            }

            var plan = new PooledPlan(new ExecutionPlan(GraphResize.WithInput(graph, sample), options));
            plan.WarmUp();
            if (capacity == 0)
                return plan;
            if (_recent.Count == capacity)
                _recent.RemoveAt(0);
            _recent.Add((sample, plan));
            return plan;
        }
    }
}
