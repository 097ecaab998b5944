namespace CnnFast.Data;

/// <summary>Images to train on and images to test on. Immutable and thread-safe.</summary>
/// <param name="Train">The images to train on.</param>
/// <param name="Test">The images that training never sees.</param>
public sealed record TrainTestDatasets(ImageDataset Train, ImageDataset Test);
