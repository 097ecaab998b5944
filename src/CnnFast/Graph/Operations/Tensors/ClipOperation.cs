using System.Text.Json;
using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>min(max(x, Minimum), Maximum) of every element.</summary>
/// <param name="Minimum">The lower bound.</param>
/// <param name="Maximum">The upper bound.</param>
internal sealed record ClipOperation(float Minimum, float Maximum) : FunctionOperation
{
    public override string Kind => "Clip";

    public override string NamePrefix => "clip";

    protected override Epilogue Function => new(EpilogueKind.Clip, Minimum, Maximum);

    public static Operation Read(AttributeReader json) => new ClipOperation(json.Number("minimum"), json.Number("maximum"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteFloat("minimum", Minimum);
        json.WriteFloat("maximum", Maximum);
    }
}
