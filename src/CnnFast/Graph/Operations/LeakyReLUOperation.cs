using System.Text.Json;
using CnnFast.Kernels;

namespace CnnFast.Graphs;

/// <summary>x where x is above 0, else NegativeSlope·x.</summary>
internal sealed record LeakyReLUOperation(float NegativeSlope) : FunctionOperation
{
    public override string Kind => "LeakyReLU";

    public override string NamePrefix => "leaky_relu";

    protected override Epilogue Function => new(EpilogueKind.LeakyReLU, NegativeSlope);

    public static Operation Read(AttributeReader json) => new LeakyReLUOperation(json.Single("negative_slope"));

    public override void WriteAttributes(Utf8JsonWriter json) => json.WriteNumber("negative_slope", NegativeSlope);

    public override void Validate(string who) => OptionCheck.FiniteAtLeast(who, "negative slope", NegativeSlope, 0);
}
