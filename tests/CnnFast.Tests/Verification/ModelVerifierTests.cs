using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Tests.Models;
using CnnFast.Verification;

namespace CnnFast.Tests.Verification;

/// <summary>Whole models on the kernels and on the references, node by node.</summary>
public sealed class ModelVerifierTests
{
    public static TheoryData<string> Names => TestModels.NamesWithImported;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_node_and_output_is_within_its_bound(string name)
    {
        foreach (ConvAlgorithm algorithm in (ConvAlgorithm[])[ConvAlgorithm.Direct, ConvAlgorithm.Winograd2, ConvAlgorithm.Winograd4])
        {
            Model model = TestModels.Build(name);
            VerificationReport report = ModelVerifier.Run(model,
                new VerificationOptions { Batch = 3, ConvAlgorithm = algorithm, MaxThreads = 2 });
            Assert.True(report.Holds, $"{algorithm} {report.FirstDeparture?.Name}: {report.FirstDeparture?.Error}");
            Assert.Empty(report.WithoutReference);
            Assert.Equal(model.Outputs.Select(output => output.Name), report.Outputs.Select(output => output.Name));
            Assert.All(report.Outputs, output => Assert.InRange(output.Drift!.Value, 0, 1e-3));
            Assert.InRange(report.Nodes.Count, 1, model.Graph.Nodes.Count);
        }
    }

    [Fact]
    public void The_first_node_that_departs_is_named_and_no_other()
    {
        VerificationReport report = ModelVerifier.Run(Chain(new WrongOperation(WrongGradient.Forward)));
        Assert.False(report.Holds);
        Assert.Equal("wrong", report.FirstDeparture!.Name);
        Assert.Single(report.Nodes, node => !node.Holds);
        Assert.InRange(report.Nodes.Single(node => node.Name == "head").Drift!.Value, 1e-5, 1);
    }

    [Fact]
    public void A_node_without_a_reference_is_named_and_the_rest_verified()
    {
        VerificationReport report = ModelVerifier.Run(Chain(new UnknownOperation()));
        Assert.True(report.Holds);
        Assert.Equal("wrong", Assert.Single(report.WithoutReference).Name);
        Assert.NotNull(report.Nodes.Single(node => node.Name == "head").Error);
        Assert.Null(Assert.Single(report.Outputs).Error);
        Assert.NotNull(Assert.Single(report.Outputs).Drift);
    }

    [Fact]
    public void Given_inputs_are_run_and_others_refused()
    {
        Model model = new Sequential(new Dense(4), new ReLU()).Build(new Shape(3), seed: 1);
        var options = new VerificationOptions { Batch = 2, Inputs = [new float[] { 0, 0, 0, 1e30f, -1e30f, 1 }] };
        Assert.True(ModelVerifier.Run(model, options).Holds);
        Assert.Throws<ShapeException>(() => ModelVerifier.Run(model, options with { Batch = 3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModelVerifier.Run(model, new VerificationOptions { Batch = 0 }));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => ModelVerifier.Run(model, cancellationToken: stop.Token));
    }

    private static Model Chain(Operation operation)
    {
        var builder = new GraphBuilder([]);
        ValueInfo x = builder.AddInput(new Shape(7));
        ValueInfo stem = builder.Add(new DenseOperation(6, Activation.None, true), [x], "stem");
        ValueInfo wrong = builder.Add(operation, [stem], "wrong");
        ValueInfo y = builder.Add(new DenseOperation(3, Activation.Tanh, true), [wrong], "head");
        var random = new SeededRandom(3);
        return new Model(builder.Build([y], (_, _, parameter) => parameter.Assign([.. Enumerable.Range(0, parameter.Shape.ElementCount)
            .Select(_ => (float)((2 * random.NextDouble()) - 1))])), "mutant");
    }
}
