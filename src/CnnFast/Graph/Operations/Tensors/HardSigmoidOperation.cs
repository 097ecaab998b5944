using System.Text.Json;
using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>min(max(Alpha·x + Beta, 0), 1) of every element.</summary>
/// <param name="Alpha">The slope.</param>
/// <param name="Beta">The value at 0.</param>
internal sealed record HardSigmoidOperation(float Alpha, float Beta) : FunctionOperation
{
    public override string Kind => "HardSigmoid";

    public override string NamePrefix => "hard_sigmoid";

    protected override Epilogue Function => new(EpilogueKind.HardSigmoid, Alpha, Beta);

    public static Operation Read(AttributeReader json) => new HardSigmoidOperation(json.Number("alpha"), json.Number("beta"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteFloat("alpha", Alpha);
        json.WriteFloat("beta", Beta);
    }
}
