using CnnFast.Graphs;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Forward, softmax cross-entropy and backward of a graph, whatever it ends in.</summary>
internal sealed class SoftmaxStep
{
    private readonly TrainingPlan _plan;
    private readonly OutputLoss _loss;
    private readonly IWorkScheduler _scheduler;

    public SoftmaxStep(Graphs.Graph graph, int maxBatch, IWorkScheduler? scheduler = null,
        ConvAlgorithm algorithm = ConvAlgorithm.Auto)
    {
        _scheduler = scheduler ?? SerialScheduler.Instance;
        Graphs.Graph upToLogits = ModelHead.Of(graph).UpTo(graph, LossInput.SoftmaxLogits);
        Logits = upToLogits.Outputs[0];
        _plan = new TrainingPlan(upToLogits, new TrainingPlanOptions(maxBatch, 1, _scheduler, algorithm));
        _loss = new OutputLoss(new SoftmaxCrossEntropy());
    }

    public ValueInfo Logits { get; }

    public ParameterGradients Gradients => _plan.Gradients;

    public double Run(ReadOnlySpan<float> input, ReadOnlySpan<int> labels, ulong step)
    {
        var values = new ValueMemory(labels.Length, input, default);
        _plan.Forward(values, step);
        double loss = _loss.Run(new LossBatch
        {
            Scheduler = _scheduler,
            Count = labels.Length,
            Labels = labels,
            Outputs = _plan.Output(values),
            SampleShape = Logits.Shape,
            Gradient = _plan.OutputGradient(labels.Length),
            GradientScale = 1,
        }).Sum;
        _plan.Backward(values, step);
        return loss;
    }
}
