namespace CnnFast.Tests.Models;

/// <summary>Weights for tests.</summary>
internal static class TestWeights
{
    /// <summary>Gives normalisations and biases numbers other than the neutral ones that they start with.</summary>
    public static void Spread(Model model)
    {
        var random = new Random(5);
        foreach (Parameter parameter in model.Parameters.Where(parameter => parameter.Shape.Rank == 1))
        {
            float[] values = parameter.Values.ToArray();
            bool positive = parameter.Name.EndsWith("variance", StringComparison.Ordinal)
                || parameter.Name.EndsWith("gamma", StringComparison.Ordinal);
            for (int i = 0; i < values.Length; i++)
                values[i] = positive ? 0.5f + random.NextSingle() : 0.2f * ((2 * random.NextSingle()) - 1);
            parameter.Assign(values);
        }
    }
}
