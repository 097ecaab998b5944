using CnnFast.Training;

namespace CnnFast.Verification;

/// <summary>Random targets that fit what a loss reads.</summary>
internal static class RandomTargets
{
    /// <summary>Numbers: distributions over the last dimension for softmax, parts of 1 for sigmoid, else from −1 to 1.</summary>
    public static float[] Values(ref SeededRandom random, int batch, Shape shape, LossInput input)
    {
        var values = new float[batch * shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(input == LossInput.Output ? (2 * random.NextDouble()) - 1 : random.NextDouble());
        if (input == LossInput.SoftmaxLogits)
            Normalize(values, shape.Rank == 0 ? 1 : shape[shape.Rank - 1]);
        return values;
    }

    private static void Normalize(float[] values, int classes)
    {
        for (int row = 0; row < values.Length; row += classes)
        {
            float sum = values.AsSpan(row, classes).ToArray().Sum();
            for (int i = row; i < row + classes; i++)
                values[i] /= sum;
        }
    }
}
