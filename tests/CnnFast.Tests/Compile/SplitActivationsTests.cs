using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Layers;

namespace CnnFast.Tests.Compile;

/// <summary>The rewrite that lets activations with a derivative of their argument be trained.</summary>
public sealed class SplitActivationsTests
{
    private static Model Net => new Sequential(
        new Conv2D(3, 2, activation: Activation.SiLU, name: "stem"),
        new Conv2D(4, 1, activation: Activation.ReLU6),
        new Flatten(),
        new Dense(5, Activation.HardSwish)).Build(new Shape(4, 5, 2), seed: 3);

    private static Graphs.Graph Split(Graphs.Graph graph) => GraphCompiler.Compile(graph, [new SplitActivations()]).Graph;

    [Fact]
    public void Only_activations_that_need_their_argument_become_nodes()
    {
        Graphs.Graph graph = Net.Graph;
        Graphs.Graph split = Split(graph);
        Assert.Equal(["Conv2D", "SiLU", "Conv2D", "Flatten", "Dense", "HardSwish"], split.Nodes.Select(node => node.Operation.Kind));
        Assert.Equal(["stem", "stem/activation", "conv2d_1", "flatten_1", "dense_1", "dense_1/activation"],
            split.Nodes.Select(node => node.Name));
        Assert.Equal([Activation.None, Activation.None, Activation.ReLU6, Activation.None, Activation.None, Activation.None],
            split.Nodes.Select(node => node.Operation is IConvolution convolution ? convolution.Activation : Activation.None));
        Assert.Equal(graph.Outputs, split.Outputs);
        Assert.Equal(graph.Parameters, split.Parameters);
        Assert.Equal(graph.ValueCount + 2, split.ValueCount);
        Assert.Equal(split.ValueCount,
            split.Nodes.Select(node => node.Output.Id).Concat(split.Inputs.Select(input => input.Id)).Distinct().Count());
    }

    [Fact]
    public void A_graph_without_such_activations_is_the_same_one()
    {
        Graphs.Graph graph = new Sequential(new Conv2D(3, 2, activation: Activation.ReLU), new Tanh()).Build(new Shape(4, 5, 2)).Graph;
        Assert.Same(graph, Split(graph));
    }

    [Fact]
    public void The_outputs_stay_the_same_bits()
    {
        Model model = Net;
        Graphs.Graph split = Split(model.Graph);
        float[] input = Models.TestModels.Input(model, 2);
        float[] expected = model.Predict(input);
        float[] actual = new float[expected.Length];
        var plan = new ExecutionPlan(split, new PlanOptions(2, SerialScheduler.Instance, ConvAlgorithm.Auto) { Passes = [] });
        plan.Run(2, input, actual, new RunMemory(plan));
        Assert.Equal(expected, actual);
    }
}
