using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>One step of training but the change of the weights: forward, loss, backward. Allocates nothing on one thread.</summary>
internal sealed class TrainingStep(ModelLoss loss, int maxBatch, ulong seed, IWorkScheduler scheduler, ConvAlgorithm algorithm)
{
    private readonly TrainingPlan _plan = new(loss.Graph, new TrainingPlanOptions(maxBatch, seed, scheduler, algorithm));
    private readonly OutputLoss _loss = new(loss.Loss);

    /// <summary>The gradients of the last <see cref="Run"/>.</summary>
    public ParameterGradients Gradients => _plan.Gradients;

    /// <summary>How many samples the last <see cref="Run"/> classified right; null where the targets are no labels.</summary>
    public int? Correct { get; private set; }

    /// <summary>Computes losses and gradients with the weights as they are now.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="step">The training step, for dropout.</param>
    /// <returns>The samples' losses; the gradients are those of the batch's loss.</returns>
    public LossSum Run(Batch batch, ulong step)
    {
        var memory = new ValueMemory(batch.Count, batch.Input(), default);
        _plan.Forward(memory, step);
        ReadOnlySpan<float> outputs = _plan.Output(batch.Count);
        LossSum sum = _loss.Run(scheduler, batch, outputs, _plan.OutputGradient(batch.Count));
        Correct = OutputLoss.CountCorrect(batch.Count, outputs, batch.Labels());
        _plan.Backward(memory, step);
        return sum;
    }
}
