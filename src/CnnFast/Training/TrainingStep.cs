using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>One step of training but the change of the weights: forward, loss, backward. Allocates nothing on one thread.</summary>
internal sealed class TrainingStep(ModelLoss loss, int maxBatch, ulong seed, IWorkScheduler scheduler, ConvAlgorithm algorithm)
{
    private readonly TrainingPlan _plan = new(loss.Graph, new TrainingPlanOptions(maxBatch, seed, scheduler, algorithm));
    private readonly OutputLoss _loss = new(loss.Loss, loss.Graph.Outputs[0].SampleLength, maxBatch);

    /// <summary>The gradients of the last <see cref="Run(Batch, ulong)"/>.</summary>
    public ParameterGradients Gradients => _plan.Gradients;

    /// <summary>How many samples the last <see cref="Run(Batch, ulong)"/> classified right; null where the targets are no labels.</summary>
    public int? Correct { get; private set; }

    /// <summary>Computes losses and gradients with the weights as they are now.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="step">The training step, for dropout.</param>
    /// <returns>The sum of the samples' losses; the gradients are those of their mean.</returns>
    public double Run(Batch batch, ulong step) => Run(batch.Count, batch.Input(), batch.Labels(), batch.Values(), step);

    /// <summary>The same with input and targets apart.</summary>
    public double Run(int count, ReadOnlySpan<float> input, ReadOnlySpan<int> labels, ReadOnlySpan<float> values, ulong step)
    {
        var memory = new ValueMemory(count, input, default);
        _plan.Forward(memory, step);
        double sum = _loss.Run(scheduler, count, labels, values, _plan.Output(count), _plan.OutputGradient(count));
        Correct = OutputLoss.CountCorrect(count, _plan.Output(count), labels);
        _plan.Backward(memory, step);
        return sum;
    }
}
