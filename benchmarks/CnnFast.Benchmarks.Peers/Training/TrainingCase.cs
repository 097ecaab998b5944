using CnnFast.Training;

namespace CnnFast.Benchmarks.Peers;

/// <summary>A model in training: softmax cross-entropy of one batch that stays, and an optimizer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Batch">Samples of a step unless the command line says otherwise.</param>
/// <param name="UsesAdam">Whether the optimizer is Adam; else SGD with momentum.</param>
/// <param name="Build">Makes the model, from a fixed seed.</param>
internal sealed record TrainingCase(string Name, int Batch, bool UsesAdam, Func<Model> Build)
{
    public const float LearningRate = 1e-3f;

    public const float Momentum = 0.9f;

    /// <summary>The optimizer in words.</summary>
    public string OptimizerName => UsesAdam ? "Adam" : "SGD";

    /// <summary>This library's optimizer.</summary>
    public Optimizer CreateOptimizer() => UsesAdam ? new Adam(LearningRate) : new Sgd(LearningRate, Momentum);

    /// <summary>The samples, one after the other.</summary>
    public static float[] Input(Model model, int batch) => Testing.SeededData.Uniform(batch * model.InputShape.ElementCount, 1);

    /// <summary>A label for every row of the output.</summary>
    public static int[] Labels(Model model, int batch)
    {
        int classes = model.OutputShape[model.OutputShape.Rank - 1];
        return Testing.SeededData.Integers(batch * (model.OutputShape.ElementCount / classes), classes, 2);
    }
}
