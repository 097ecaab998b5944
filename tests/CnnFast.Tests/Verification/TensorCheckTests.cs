using CnnFast.Graphs;
using CnnFast.Tests.Graph.Tensors;
using CnnFast.Verification;

namespace CnnFast.Tests.Verification;

/// <summary>Operations of imported models in a graph of their own, through the public checks.</summary>
public sealed class TensorCheckTests
{
    private const int Batch = 2;

    public static TheoryData<int, string> Cases => [.. TensorCases.All
        .Select((op, i) => (Index: i, Case: op))
        .Where(pair => pair.Case.Inputs.All(input => input.Type == ElementType.Float32 && input.IsWhole == pair.Case.IsWhole))
        .Select(pair => (pair.Index, pair.Case.ToString()))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_and_values_of_an_operation_hold(int index, string name)
    {
        TensorCase op = TensorCases.All[index];
        var builder = new GraphBuilder([]);
        var random = new Random(index);
        ValueInfo[] values = [.. op.Inputs.Select((input, i) => input.IsWhole
            ? builder.AddInput(input.Shape, $"x{i}", isWhole: true)
            : builder.AddInput(input.Shape.WithoutBatch(), $"x{i}"))];
        ReadOnlyMemory<float>[] inputs = [.. op.Inputs.Select(input =>
            (ReadOnlyMemory<float>)input.ValuesFor(Batch, random).Select(value => (float)value).ToArray())];
        var model = new Model(builder.Build([builder.Add(op.Operation, values, "op")], (_, _, _) => { }), "case");
        VerificationReport report = ModelVerifier.Run(model, new VerificationOptions { Batch = Batch, Inputs = inputs });
        Assert.True(report.Holds, $"{name}: {report.FirstDeparture?.Error}");
        GradientReport gradients = GradientChecker.Check(model, options: new GradientCheckOptions { Batch = Batch, Inputs = inputs });
        Assert.True(gradients.Holds, $"{name}: {gradients.FirstFailure?.Failure}");
    }
}
