using CnnFast.Compile;
using CnnFast.Data;
using CnnFast.Operators;

namespace CnnFast.Training;

/// <summary>Measures a model on labelled images, again and again as its weights change: plan and memory are made once.</summary>
internal sealed class EvaluationRun
{
    private readonly ExecutionPlan _plan;
    private readonly RunMemory _memory;
    private readonly ImageDataset _data;
    private readonly Normalization _normalization;
    private readonly SoftmaxCrossEntropyOperator _loss = SoftmaxCrossEntropyOperator.Create();
    private readonly AlignedBuffer<float> _logits;
    private readonly AlignedBuffer<float> _probabilities;

    public EvaluationRun(Model model, ImageDataset data, Normalization normalization, int batchSize, IWorkScheduler scheduler, ConvAlgorithm algorithm)
    {
        _data = data;
        _normalization = normalization;
        _plan = new ExecutionPlan(model.Graph, ClassifierHead.LogitsOf(model.Graph), new PlanOptions(Math.Min(batchSize, data.Count), scheduler, algorithm));
        _memory = new RunMemory(_plan);
        _logits = new AlignedBuffer<float>(_plan.MaxBatch * _plan.OutputLength);
        _probabilities = new AlignedBuffer<float>(_logits.Length);
    }

    /// <summary>Measures the model with the weights that it has now.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public EvaluationResult Run(CancellationToken cancellationToken)
    {
        _plan.PrepareConstants();
        int classes = _plan.OutputLength;
        double loss = 0;
        int correct = 0;
        using var loader = new BatchLoader(_data, _plan.MaxBatch, shuffle: false, normalization: _normalization, prefetch: _plan.Scheduler.MaxThreads > 1);
        loader.StartEpoch(0, cancellationToken);
        while (loader.MoveNext())
        {
            ImageBatch batch = loader.Current;
            Span<float> logits = _logits.Span[..(batch.Count * classes)];
            _plan.Run(batch.Count, batch.Images, logits, _memory);
            loss += _loss.Run(_plan.Scheduler, batch.Count, classes, logits, batch.Labels, _probabilities.Span[..logits.Length], default);
            correct += ClassifierHead.CountCorrect(logits, batch.Labels, classes);
        }

        return new EvaluationResult(loss / _data.Count, (double)correct / _data.Count, _data.Count);
    }
}
