using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Tests.Models;
using CnnFast.Training;

namespace CnnFast.Tests.Compile;

/// <summary>The passes: each does what it says where it can, leaves alone what it must, and keeps what the model computes.</summary>
public sealed class GraphCompilerTests
{
    public static TheoryData<string> Names => TestModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void All_passes_together_keep_every_model(string name)
    {
        Model model = TestModels.Build(name);
        CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stages_that_would_make_infinite_weights_are_not_folded(bool before)
    {
        // x · 1e30 · 1e10 with an x of 1e-15: no number leaves the range of floats, but the weight 1e40 would.
        Layer dense = new Dense(2, filterInitializer: Initializer.Constant(1e10f));
        Layer[] layers = before ? [new Rescaling(1e30f), dense] : [dense, new Rescaling(1e30f)];
        Model model = new Sequential(layers).Build(new Shape(3), seed: 1);
        float[] input = [1e-15f, 2e-15f, 0];
        float[] expected = CompiledRun.Run(CompiledRun.Plan(model, [], concatenatesInPlace: false), [.. input, .. input, .. input]);
        ExecutionPlan plan = CompiledRun.Plan(model, GraphCompiler.InferencePasses);
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(expected, CompiledRun.Run(plan, [.. input, .. input, .. input]));
        Assert.Contains(plan.Steps, step => step.Kind == "Rescaling");
        Assert.Contains(plan.Steps, step => step.Kind == "Dense");
    }

    [Fact]
    public void Dropout_and_flattened_features_disappear()
    {
        Model model = new Sequential(new Dropout(0.5f), new Flatten(), new Dense(3), new Dropout(0.3f), new Flatten())
            .Build(new Shape(4, 5), seed: 1);
        ExecutionPlan plan = CompiledRun.AssertSame(model, [new RemoveIdentities()], bits: true);
        Assert.Equal(["Dense"], plan.Steps.Select(step => step.Kind));
        Assert.Equal(3, Report(plan, "RemoveIdentities").Notes.Count);
    }

    [Fact]
    public void An_identity_between_an_input_and_an_output_is_a_copy()
    {
        Model model = new Sequential(new Dropout(0.5f)).Build(new Shape(4));
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: true);
        Assert.Equal(["Copy"], plan.Steps.Select(step => step.Kind));
    }

    [Fact]
    public void What_the_wanted_value_does_not_need_is_removed()
    {
        Model model = TestModels.Build("chain");
        var plan = new ExecutionPlan(model.Graph, ModelHead.Of(model.Graph).UpTo(model.Graph, LossInput.SoftmaxLogits).Outputs[0],
            new PlanOptions(1, SerialScheduler.Instance, ConvAlgorithm.Auto));
        Assert.Contains("Softmax 'softmax_1' is not needed by any output: removed", Report(plan, "RemoveDeadNodes").Notes);
        Assert.DoesNotContain(plan.Steps, step => step.Kind == "Softmax");
    }

    [Fact]
    public void An_activation_runs_on_the_sums_of_its_convolution()
    {
        Model model = new Sequential(new Conv2D(5, 3, padding: Padding.Same), new ReLU(), new Conv2D(2, 1))
            .Build(new Shape(6, 7, 3), seed: 2);
        ExecutionPlan plan = CompiledRun.AssertSame(model, [new FuseActivation()], bits: true);
        Assert.Equal(["Conv2D+ReLU", "Conv2D"], plan.Steps.Select(step => step.Kind));
    }

    [Fact]
    public void A_value_that_others_read_or_callers_receive_stays()
    {
        var x = new Input(6, 7, 3);
        ModelNode convolution = new Conv2D(4, 3, name: "c").Apply(x);
        ModelNode relu = new ReLU().Apply(convolution);
        Model both = Model.Build([x], [relu, convolution], seed: 1);
        Assert.Equal(["Conv2D", "ReLU"], CompiledRun.Plan(both, GraphCompiler.InferencePasses).Steps.Select(step => step.Kind));
        Model read = Model.Build(x, new Concatenate().Apply(relu, convolution), seed: 1);
        CompiledRun.AssertSame(read, GraphCompiler.InferencePasses, bits: true);
        Assert.Contains("ReLU", CompiledRun.Plan(read, GraphCompiler.InferencePasses).Steps.Select(step => step.Kind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_residual_is_added_by_the_later_convolution_and_its_activation_follows(bool swapped)
    {
        var x = new Input(9, 8, 6);
        ModelNode shortcut = new Conv2D(10, 1, name: "shortcut").Apply(x);
        ModelNode first = new Conv2D(10, 3, padding: Padding.Same, activation: Activation.ReLU).Apply(x);
        ModelNode second = new Conv2D(10, 3, padding: Padding.Same, name: "second").Apply(first);
        ModelNode sum = swapped ? new Add().Apply(second, shortcut) : new Add().Apply(shortcut, second);
        Model model = Model.Build(x, new ReLU().Apply(sum), seed: 5);
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: false);
        Assert.Equal(3, plan.Steps.Count);
        Assert.Contains(plan.Steps, step => step.Name == (swapped ? "shortcut" : "second") && step.Kind == "Conv2D+Add+ReLU");
    }

    [Fact]
    public void A_sum_of_one_value_with_itself_or_of_three_values_stays_an_Add()
    {
        var x = new Input(5, 5, 4);
        ModelNode c = new Conv2D(4, 1).Apply(x);
        Model twice = Model.Build(x, new Add().Apply(c, c), seed: 1);
        Assert.Contains("Add", CompiledRun.AssertSame(twice, GraphCompiler.InferencePasses, bits: true).Steps.Select(step => step.Kind));
        Model three = Model.Build(x, new Add().Apply(c, x, x), seed: 1);
        Assert.Contains("Add", CompiledRun.AssertSame(three, GraphCompiler.InferencePasses, bits: true).Steps.Select(step => step.Kind));
    }

    [Theory]
    [InlineData("silu", "Conv2D+SiLU")]
    [InlineData("silu swapped", "Conv2D+SiLU")]
    [InlineData("sixth behind", "Conv2D+HardSwish")]
    [InlineData("sixth before", "Conv2D+HardSwish")]
    public void Activations_that_are_spelled_out_are_recognised(string form, string expected)
    {
        var x = new Input(6, 5, 3);
        ModelNode c = new Conv2D(5, 3).Apply(x);
        ModelNode relu = new ReLU6().Apply(new Rescaling(1, 3).Apply(c));
        ModelNode y = form switch
        {
            "silu" => new Multiply().Apply(c, new Sigmoid().Apply(c)),
            "silu swapped" => new Multiply().Apply(new Sigmoid().Apply(c), c),
            "sixth behind" => new Rescaling(1f / 6f).Apply(new Multiply().Apply(c, relu)),
            _ => new Multiply().Apply(c, new Rescaling(1f / 6f).Apply(relu)),
        };
        ExecutionPlan plan = CompiledRun.AssertSame(Model.Build(x, y, seed: 3), GraphCompiler.InferencePasses, bits: false);
        Assert.Equal([expected], plan.Steps.Select(step => step.Kind));
    }

    [Fact]
    public void What_only_looks_like_an_activation_stays()
    {
        var x = new Input(6, 5, 3);
        ModelNode a = new Conv2D(5, 3).Apply(x);
        ModelNode b = new Conv2D(5, 3).Apply(x);
        foreach (ModelNode y in (ModelNode[])[
            new Multiply().Apply(a, new Sigmoid().Apply(b)),
            new Multiply().Apply(a, new ReLU6().Apply(new Rescaling(1, 2).Apply(a))),
            new Rescaling(0.2f).Apply(new Multiply().Apply(a, new ReLU6().Apply(new Rescaling(1, 3).Apply(a))))])
        {
            ExecutionPlan plan = CompiledRun.AssertSame(Model.Build(x, y, seed: 3), GraphCompiler.InferencePasses, bits: false);
            Assert.Empty(Report(plan, "RecognizeActivations").Notes);
        }
    }

    [Fact]
    public void Squeeze_and_excite_runs_as_a_pooling_two_dense_layers_and_a_product_in_place()
    {
        var x = new Input(6, 5, 3);
        ModelNode c = new Conv2D(8, 3, activation: Activation.ReLU).Apply(x);
        ModelNode gate = new Sigmoid().Apply(new Dense(8).Apply(new ReLU().Apply(new Dense(2).Apply(new GlobalAveragePool2D().Apply(c)))));
        Model model = Model.Build(x, new Conv2D(4, 1).Apply(new Multiply().Apply(c, gate)), seed: 3);
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: true);
        Assert.Equal(["Conv2D", "GlobalAveragePool2D", "Dense+ReLU", "Dense+Sigmoid", "Multiply", "Conv2D"],
            plan.Steps.Select(step => step.Kind));
        PlanStep product = plan.Steps[4];
        Assert.Equal(product.Inputs[0].Offset, product.Output.Offset);
    }

    [Fact]
    public void Rescalings_become_one_and_neutral_ones_disappear()
    {
        Model model = new Sequential(new Rescaling(2, 1), new Rescaling(0.5f, -0.5f), new MaxPool2D(2)).Build(new Shape(4, 4, 2));
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: false);
        Assert.Equal(["MaxPool2D"], plan.Steps.Select(step => step.Kind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Padding_and_normalisation_merge_into_the_weights(bool depthwise)
    {
        Layer convolution = depthwise
            ? new DepthwiseConv2D((3, 2), stride: 2, padding: Padding.Explicit(0, 1, 0, 1), depthMultiplier: 2)
            : new Conv2D(6, (3, 2), stride: 2, groups: 2, padding: Padding.Same, biasInitializer: Initializer.Constant(0.3f));
        Model model = new Sequential(new ZeroPadding2D(1, 2, 0, 3), convolution, new BatchNormalization(), new Rescaling(1.5f, 0.2f),
                new HardSwish())
            .Build(new Shape(9, 8, 4), seed: 6);
        TestWeights.Spread(model);
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: false);
        Assert.Equal([$"ZeroPadding2D+{(depthwise ? "DepthwiseConv2D" : "Conv2D")}+BatchNormalization+Rescaling+HardSwish"],
            plan.Steps.Select(step => step.Kind));
    }

    [Theory]
    [InlineData(0f, true)]
    [InlineData(0.4f, false)]
    public void A_scale_before_a_padded_convolution_merges_and_a_shift_does_not(float offset, bool merges)
    {
        Model model = new Sequential(new Rescaling(1 / 255f, offset), new Conv2D(5, 3, padding: Padding.Same), new BatchNormalization())
            .Build(new Shape(7, 6, 3), seed: 2);
        TestWeights.Spread(model);
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: false);
        Assert.Equal(merges ? 1 : 2, plan.Steps.Count);
        Model valid = new Sequential(new Rescaling(1 / 255f, offset), new Conv2D(5, 3)).Build(new Shape(7, 6, 3), seed: 2);
        Assert.Single(CompiledRun.AssertSame(valid, GraphCompiler.InferencePasses, bits: false).Steps);
    }

    [Fact]
    public void A_dense_layer_takes_its_normalisation_and_changed_statistics_reach_the_plan()
    {
        Model model = new Sequential(new Dense(6), new BatchNormalization(), new ReLU()).Build(new Shape(5), seed: 2);
        TestWeights.Spread(model);
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: false);
        Assert.Equal(["Dense+BatchNormalization+ReLU"], plan.Steps.Select(step => step.Kind));

        float[] input = TestModels.Input(model, 3);
        float[] before = CompiledRun.Run(plan, input);
        Parameter mean = model.Parameters.Single(parameter => parameter.Name.EndsWith("moving_mean", StringComparison.Ordinal));
        mean.Assign([.. mean.Values.ToArray().Select(value => value - 1)]);
        plan.PrepareConstants();
        Assert.NotEqual(before, CompiledRun.Run(plan, input));
    }

    [Fact]
    public void A_pass_that_breaks_the_graph_fails_by_name()
    {
        Model model = TestModels.Build("chain");
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            GraphCompiler.Compile(model.Graph, [new Breaking()]));
        Assert.StartsWith("The graph pass Breaking is wrong: 'max_pool2d_1' reads 'conv2d_1', which is not computed before it.",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_writes_over_what_it_reads_where_nobody_needs_it_and_never_over_the_callers_input()
    {
        var x = new Input(8, 8, 16);
        ModelNode pooled = new MaxPool2D(1).Apply(x);
        ModelNode relu = new ReLU().Apply(new Add().Apply(pooled, x));
        Model model = Model.Build(x, new MaxPool2D(1).Apply(relu));
        ExecutionPlan plan = CompiledRun.AssertSame(model, GraphCompiler.InferencePasses, bits: true);
        Assert.Equal(3 * 8 * 8 * 16, plan.Memory.Length);
        Assert.Equal(plan.Memory.LowerBound, plan.Memory.Length);

        float[] input = TestModels.Input(model, 3);
        float[] before = [.. input];
        CompiledRun.Run(plan, input);
        Assert.Equal(before, input);
    }

    private static PassReport Report(ExecutionPlan plan, string pass) => plan.Passes.Single(report => report.Pass == pass);

    private sealed class Breaking : IGraphPass
    {
        public string Name => "Breaking";

        public void Run(GraphEdit edit)
        {
            edit.Remove(edit.Nodes[0]);
            edit.Note("removed a node that is needed");
        }
    }
}
