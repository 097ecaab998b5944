using CnnFast.Compile;
using CnnFast.Layers;

namespace CnnFast.Tests.Compile;

/// <summary>What merges into a transposed convolution, and what must not.</summary>
public sealed class TransposedConvolutionTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(3, true)]
    [InlineData(6, false)]
    public void Batch_normalization_and_activation_merge_into_it(int groups, bool useBias)
    {
        Model model = new Sequential(
            new Conv2DTranspose(6, (3, 2), stride: (2, 3), groups: groups, padding: Padding.Explicit(1, 0, 0, 0), useBias: useBias),
            new BatchNormalization(epsilon: 0.01f),
            new SiLU()).Build(new Shape(4, 5, 6), seed: 4);
        var random = new SeededRandom(9);
        foreach (Parameter parameter in model.Parameters.Skip(1))
            parameter.Assign([.. Enumerable.Range(0, parameter.Shape.ElementCount).Select(_ => (float)(0.5 + random.NextDouble()))]);
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: false);
        Assert.Equal(["Conv2DTranspose+BatchNormalization+SiLU"], plan.Steps.Select(step => step.Kind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_residual_and_its_activation_merge_into_it(bool valid)
    {
        var x = new Input(4, 5, 3);
        Padding sides = valid ? Padding.Valid : Padding.Same;
        ModelNode one = new Conv2DTranspose(7, 2, stride: 2, padding: sides, activation: Activation.ReLU).Apply(x);
        ModelNode two = new Conv2DTranspose(7, 1, stride: 2, padding: sides, outputPadding: valid ? 1 : 0).Apply(x);
        Model model = Model.Build(x, new ReLU().Apply(new Add().Apply(one, two)), seed: 5);
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: false);
        Assert.Equal(["Conv2DTranspose", "Conv2DTranspose+Add+ReLU"], plan.Steps.Select(step => step.Kind));
    }

    [Fact]
    public void A_scale_before_it_merges_a_shift_does_not()
    {
        Model scaled = new Sequential(new Rescaling(0.25f), new Conv2DTranspose(6, 3, stride: 2, groups: 2))
            .Build(new Shape(4, 5, 4), seed: 4);
        Assert.Single(CompiledRun.AssertSame(scaled, GraphCompiler.InferencePasses, bits: false).Steps);
        Model shifted = new Sequential(new Rescaling(0.25f, 1), new Conv2DTranspose(6, 3, stride: 2)).Build(new Shape(4, 5, 4), seed: 4);
        Assert.Equal(2, CompiledRun.AssertSame(shifted, GraphCompiler.InferencePasses, bits: false).Steps.Count);
    }

    [Fact]
    public void Zeros_around_its_input_stay()
    {
        Model model = new Sequential(new ZeroPadding2D(1), new Conv2DTranspose(6, 3, stride: 2)).Build(new Shape(4, 5, 4), seed: 4);
        Assert.Equal(["ZeroPadding2D", "Conv2DTranspose"],
            CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: true).Steps.Select(step => step.Kind));
    }

    [Fact]
    public void Bytes_become_numbers_before_it()
    {
        Model model = new Sequential(new Conv2DTranspose(6, 3, stride: 2)).Build(new Shape(4, 5, 3), seed: 4);
        CompiledGraph compiled = GraphCompiler.Compile(model.Graph,
            [new FoldByteInput(ByteInput.From(new CnnFast.Data.Normalization(1.0 / 255, 0)))]);
        Assert.Equal(["ByteNormalization", "Conv2DTranspose"], compiled.Graph.Nodes.Select(node => node.Operation.Kind));
    }
}
