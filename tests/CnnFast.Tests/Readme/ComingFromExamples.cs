using CnnFast;
using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Tests;

/// <summary>The programs of docs/coming-from.md, compiled: their bodies are the blocks of the page in order.</summary>
internal static class ComingFromExamples
{
    public static double Classifier()
    {
        // Example begins.
        (ImageDataset train, ImageDataset test) = IdxDataset.LoadFolder("mnist");
        Model model = new Sequential(
            new Conv2D(32, 3, activation: Activation.ReLU),
            new MaxPool2D(2),
            new Conv2D(64, 3, activation: Activation.ReLU),
            new MaxPool2D(2),
            new Flatten(),
            new Dropout(0.5f),
            new Dense(10),
            new Softmax()).Build(train.ImageShape, seed: 1);

        var trainer = new Trainer(model, new Adam(1e-3f), new SoftmaxCrossEntropy());
        trainer.Fit(train, new FitOptions { Epochs = 3, BatchSize = 64, Validation = test });
        Console.WriteLine(Evaluator.Evaluate(model, test).Accuracy);
        model.Save("mnist.safetensors");
        // Example ends.
        return Evaluator.Evaluate(Model.Load("mnist.safetensors"), test).Accuracy!.Value;
    }

    public static void Loop(Model model, IImageDataset train)
    {
        // Example begins.
        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            MaxBatch = 64,
            Losses = [new LossTerm(new SoftmaxCrossEntropy { LabelSmoothing = 0.1f })],
        });
        var optimizer = new OptimizerState(new AdamW(1e-3f), model);
        using var batches = new BatchLoader(train.Normalized(model.Normalization), batchSize: 64, seed: 1);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            batches.StartEpoch(epoch);
            while (batches.MoveNext())
            {
                session.Forward(batches.Current.Count, batches.Current.Input());
                double loss = session.Loss(batches.Current.Labels());
                session.Backward();
                optimizer.Step(session);
            }
        }
        // Example ends.
    }

    public static Model AsInPyTorch()
    {
        // Example begins.
        Model model = new Sequential(
            new Conv2D(64, 3, padding: Padding.Explicit(1), useBias: false, filterInitializer: Initializer.HeNormal),
            new BatchNormalization(epsilon: 1e-5f, momentum: 0.9f, unbiasedMovingVariance: true),
            new ReLU(),
            new GlobalAveragePool2D(),
            new Dense(10)).Build(new Shape(32, 32, 3));
        var trainer = new Trainer(model, new Sgd(0.1f, momentum: 0.9f, L2Penalty.Constant(5e-4f)), new SoftmaxCrossEntropy(), groups:
        [
            new ParameterGroup("*") { DecayFactor = 1 },   // PyTorch decays biases and batch norms too
        ]);
        // Example ends.
        return trainer.Model;
    }
}
