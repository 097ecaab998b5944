using CnnFast.Graphs;

namespace CnnFast.Layers;

/// <summary>Every element the same.</summary>
internal sealed class ConstantInitializer(float value) : Initializer
{
    internal override void Fill(ParameterInfo info, ref SeededRandom random, Span<float> values) => values.Fill(value);
}
