using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>Uniform within plus or minus a limit.</summary>
internal sealed class UniformInitializer(Func<ParameterInfo, double> limit) : Initializer
{
    internal override void Fill(ParameterInfo info, ref SeededRandom random, Span<float> values)
    {
        double bound = limit(info);
        foreach (ref float value in values)
            value = (float)(((2.0 * random.NextDouble()) - 1.0) * bound);
    }
}
