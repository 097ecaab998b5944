using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Visualization.Tests;

/// <summary>A small net on some embedded digits.</summary>
internal static class SmallTraining
{
    public static ImageDataset Train => DigitDataset.LoadEmbedded().Train.Take(320);

    public static ImageDataset Validation => DigitDataset.LoadEmbedded().Test.Take(120);

    public static Model Net(ulong seed = 3) => new Sequential(
        new Conv2D(8, 3, activation: Activation.ReLU, name: "first"),
        new MaxPool2D(2),
        new Conv2D(12, 3, activation: Activation.ReLU, name: "second"),
        new MaxPool2D(2),
        new Flatten(),
        new Dense(10, name: "head"),
        new Softmax()).Build(new Shape(28, 28, 1), seed);

    public static FitOptions Options(params TrainingCallback[] callbacks) => new()
    {
        Epochs = 3,
        BatchSize = 16,
        Validation = Validation,
        Schedule = new OneCycleSchedule(),
        MaxThreads = 2,
        Callbacks = callbacks,
    };
}
