using CnnFast.Compile;
using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>Measures a model on a data set, again and again as its weights change: plan and memory are made once.</summary>
internal sealed class EvaluationRun
{
    private readonly ModelLosses _losses;
    private readonly IDataset _data;
    private readonly IReadOnlyList<IMetric> _metrics;
    private readonly ExecutionPlan _plan;
    private readonly RunMemory _memory;
    private readonly OutputLoss[] _computed;
    private readonly int[] _values;
    private readonly AlignedBuffer<float>[] _buffers;
    private readonly ReadOnlyMemory<float>[] _inputs;
    private readonly Memory<float>[] _outputs;

    public EvaluationRun(ModelLosses losses, IDataset data, IReadOnlyList<IMetric> metrics, PlanOptions options)
    {
        _losses = losses;
        _data = data;
        _metrics = metrics;
        ValueInfo[] values = [.. losses.Graph.Outputs.DistinctBy(value => value.Id)];
        _values = [.. losses.Graph.Outputs.Select(output => Array.FindIndex(values, value => value.Id == output.Id))];
        _plan =
            new ExecutionPlan(losses.Graph with { Outputs = values }, options with { MaxBatch = Math.Min(options.MaxBatch, data.Count) });
        _memory = new RunMemory(_plan);
        _computed = [.. losses.Losses.Select(loss => new OutputLoss(loss))];
        _buffers = [.. values.Select(value => new AlignedBuffer<float>(value.ShapeFor(_plan.MaxBatch).ElementCount))];
        _inputs = new ReadOnlyMemory<float>[losses.Graph.Inputs.Count];
        _outputs = new Memory<float>[values.Length];
    }

    /// <summary>What the metrics are called in the results.</summary>
    public IEnumerable<string> MetricNames => Counters().Select(counter => counter.Name);

    /// <summary>Whether there is an accuracy beside the metrics.</summary>
    public bool HasAccuracy => OutputLoss.HasAccuracy(OutputOf(0).Shape, TargetOf(0));

    /// <summary>Measures the model with the weights that it has now.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EvaluationResult Run(CancellationToken cancellationToken)
    {
        _plan.PrepareConstants();
        var sums = new LossSum[_computed.Length];
        int? correct = 0;
        int counted = 0;
        (string Name, IMetricCounter Counter, int Term)[] counters = [.. Counters()];
        LabelRows? rows = LabelRows.Of(OutputOf(0).Shape, TargetOf(0), _losses.Losses[0].Input);
        ConfusionMatrixBuilder? confusion = rows is { Classes: <= ConfusionMatrixBuilder.MaxClasses } ? new(rows.Classes) : null;
        using var loader = new BatchLoader(_data, _plan.MaxBatch, shuffle: false, prefetch: _plan.Scheduler.MaxThreads > 1);
        loader.StartEpoch(0, cancellationToken);
        while (loader.MoveNext())
        {
            Batch batch = loader.Current;
            Compute(batch);
            for (int term = 0; term < sums.Length; term++)
                sums[term] = sums[term].Add(Loss(term, batch));
            correct += _computed[0].CountCorrect(batch.Count, Output(0), batch.Labels(_losses.Targets[0]), out int counts);
            counted += counts;
            foreach ((_, IMetricCounter counter, int term) in counters)
                counter.Add(ForMetric(term, batch));
            confusion?.Add(rows!, ForMetric(0, batch));
        }

        double loss = 0;
        for (int term = 0; term < sums.Length; term++)
            loss += _losses.Weights[term] * sums[term].Mean;
        return new EvaluationResult(loss, (double?)correct / counted, _data.Count)
        {
            Confusion = confusion?.ToMatrix(),
            Metrics = counters.ToDictionary(counter => counter.Name, counter => counter.Counter.Value),
            Losses = [.. sums.Select(sum => sum.Mean)],
        };
    }

    private ValueInfo OutputOf(int term) => _losses.Graph.Outputs[term];

    private TargetInfo TargetOf(int term) => _data.Targets[_losses.Targets[term]];

    private ReadOnlySpan<float> Output(int term) => _outputs[_values[term]].Span;

    private void Compute(Batch batch)
    {
        for (int i = 0; i < _inputs.Length; i++)
            _inputs[i] = batch.InputMemory(i);
        for (int i = 0; i < _outputs.Length; i++)
            _outputs[i] = _buffers[i].Memory[..(batch.Count * _plan.Outputs[i].SampleLength)];
        _plan.Run(new ValueMemory(batch.Count, _inputs, _outputs), _memory);
    }

    private LossSum Loss(int term, Batch batch) => _computed[term].Run(new LossBatch
    {
        Scheduler = _plan.Scheduler,
        Count = batch.Count,
        Labels = batch.Labels(_losses.Targets[term]),
        Values = batch.Values(_losses.Targets[term]),
        SampleWeights = batch.SampleWeights,
        Outputs = Output(term),
        SampleShape = OutputOf(term).Shape,
        GradientScale = 1,
    });

    private MetricBatch ForMetric(int term, Batch batch) => new()
    {
        Count = batch.Count,
        Outputs = Output(term),
        Labels = batch.Labels(_losses.Targets[term]),
        Values = batch.Values(_losses.Targets[term]),
        SampleWeights = batch.SampleWeights,
        IgnoredLabel = _losses.Losses[term].IgnoredLabel,
    };

    private IEnumerable<(string Name, IMetricCounter Counter, int Term)> Counters()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        // Another loss of the same output and target says nothing new, unless the metric does not apply to the first.
        var measured = new HashSet<(int Metric, string Output, int Target)>();
        for (int term = 0; term < _computed.Length; term++)
        {
            for (int i = 0; i < _metrics.Count; i++)
            {
                (int, string, int) place = (i, _losses.OutputNames[term], _losses.Targets[term]);
                if (measured.Contains(place) ||
                    _metrics[i].Start(OutputOf(term).Shape, TargetOf(term), _losses.Losses[term].Input) is not { } counter)
                    continue;
                measured.Add(place);
                yield return (NameOf(_metrics[i], term, names), counter, term);
            }
        }
    }

    // One output may be held to several targets, which tell them apart then.
    private string NameOf(IMetric metric, int term, HashSet<string> names)
    {
        string name = _computed.Length == 1 ? metric.Name : $"{_losses.OutputNames[term]}.{metric.Name}";
        if (names.Add(name))
            return name;
        name = $"{name}.{_losses.Targets[term] + 1}";
        if (_metrics.Count(other => other.Name == metric.Name) == 1 && names.Add(name))
            return name;
        throw new ArgumentException($"Metrics: two are named '{metric.Name}'; expected every name once.");
    }
}
