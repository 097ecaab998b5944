using System.Text.Json;
using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>max(x where x is above 0, else NegativeSlope·x, Floor) of every element.</summary>
/// <param name="NegativeSlope">The slope below 0.</param>
/// <param name="Floor">The lower bound.</param>
internal sealed record FlooredLeakyReLUOperation(float NegativeSlope, float Floor) : FunctionOperation
{
    public override string Kind => "FlooredLeakyReLU";

    public override string NamePrefix => "floored_leaky_relu";

    protected override Epilogue Function => new(EpilogueKind.FlooredLeakyReLU, NegativeSlope, Floor);

    public static Operation Read(AttributeReader json) => new FlooredLeakyReLUOperation(json.Number("negative_slope"), json.Number("floor"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteFloat("negative_slope", NegativeSlope);
        json.WriteFloat("floor", Floor);
    }
}
