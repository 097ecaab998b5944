using CnnFast.Training;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Training in this library.</summary>
internal sealed class CnnFastTraining : TrainingRunner
{
    public const string Name = "cnnfast";

    private readonly int _batch;
    private readonly float[] _input;
    private readonly int[] _labels;
    private readonly TrainingSession _session;
    private readonly OptimizerState _optimizer;

    public CnnFastTraining(TrainingCase training, int batch, int threads)
        : base(Name, "")
    {
        Model model = training.Build();
        _batch = batch;
        _input = TrainingCase.Input(model, batch);
        _labels = TrainingCase.Labels(model, batch);
        _session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = batch,
            MaxThreads = threads,
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
        });
        _optimizer = new OptimizerState(training.CreateOptimizer(), model);
    }

    public override void Run()
    {
        _session.Forward(_batch, _input);
        Loss = _session.Loss(_labels);
        _session.Backward();
        _optimizer.Step(_session);
    }

    public override void Dispose()
    {
    }
}
