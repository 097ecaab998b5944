using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>Normal with mean 0 (Box and Muller's method, the cosine branch).</summary>
internal sealed class NormalInitializer(Func<ParameterInfo, double> standardDeviation) : Initializer
{
    internal override void Fill(ParameterInfo info, ref SeededRandom random, Span<float> values)
    {
        double sigma = standardDeviation(info);
        foreach (ref float value in values)
        {
            double radius = Math.Sqrt(-2.0 * StableMath.Log(1.0 - random.NextDouble()));
            value = (float)(sigma * radius * StableMath.CosTurns(random.NextDouble()));
        }
    }
}
