using CnnFast.Compile;
using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>Measures a model on a data set, again and again as its weights change: plan and memory are made once.</summary>
internal sealed class EvaluationRun
{
    private readonly ExecutionPlan _plan;
    private readonly RunMemory _memory;
    private readonly IDataset _data;
    private readonly OutputLoss _loss;
    private readonly AlignedBuffer<float> _outputs;

    public EvaluationRun(ModelLoss loss, IDataset data, int batchSize, IWorkScheduler scheduler, ConvAlgorithm algorithm)
    {
        _data = data;
        _plan = new ExecutionPlan(loss.Graph, new PlanOptions(Math.Min(batchSize, data.Count), scheduler, algorithm));
        _memory = new RunMemory(_plan);
        _outputs = new AlignedBuffer<float>(_plan.MaxBatch * _plan.OutputLength);
        _loss = new OutputLoss(loss.Loss);
    }

    /// <summary>Measures the model with the weights that it has now.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EvaluationResult Run(CancellationToken cancellationToken)
    {
        _plan.PrepareConstants();
        LossSum loss = default;
        int? correct = 0;
        using var loader = new BatchLoader(_data, _plan.MaxBatch, shuffle: false, prefetch: _plan.Scheduler.MaxThreads > 1);
        loader.StartEpoch(0, cancellationToken);
        while (loader.MoveNext())
        {
            Batch batch = loader.Current;
            Span<float> outputs = _outputs.Span[..(batch.Count * _plan.OutputLength)];
            _plan.Run(batch.Count, batch.Input(), outputs, _memory);
            loss = loss.Add(_loss.Run(_plan.Scheduler, batch, outputs, default));
            correct += OutputLoss.CountCorrect(batch.Count, outputs, batch.Labels());
        }

        return new EvaluationResult(loss.Mean, (double?)correct / _data.Count, _data.Count);
    }
}
