using CnnFast.Compile;
using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Tests.Models;

namespace CnnFast.Tests.Compile;

/// <summary>
/// Concatenations that their producers write in place: the bits are those of copies, and no step is left where nothing is to be copied.
/// </summary>
public sealed class ConcatenationPlacesTests
{
    private const int Batch = 3;

    [Fact]
    public void Convolutions_write_side_by_side_and_nothing_is_copied()
    {
        var x = new Input(9, 7, 3);
        ModelNode squeezed = Convolution(5, 1).Apply(x);
        ModelNode both = new Concatenate().Apply(Convolution(6, 1).Apply(squeezed), Convolution(10, 3).Apply(squeezed));
        Model model = Model.Build(x, Convolution(4, 1).Apply(both), seed: 1);
        ExecutionPlan plan = AssertBits(model);
        Assert.Equal(["Conv2D", "Conv2D", "Conv2D", "Conv2D"], Kinds(plan));
        Assert.Equal([0, 16, 16, 0], plan.Steps.Select(step => step.Output.Pitch));
        Assert.Equal([0, 0, 6, 0], plan.Steps.Select(step => step.Output.Channel));
        Assert.Equal(plan.Steps[1].Output.Offset, plan.Steps[2].Output.Offset);
        Assert.Equal(ArenaAlignment.RoundUp(Batch * 63 * 16) + ArenaAlignment.RoundUp(Batch * 63 * 5), plan.Memory.Length);
        Assert.Equal(plan.Memory.Length + ArenaAlignment.RoundUp(Batch * 63 * 6) - ArenaAlignment.RoundUp(Batch * 63 * 5)
            + ArenaAlignment.RoundUp(Batch * 63 * 10), Copying(model).Memory.Length);
    }

    [Fact]
    public void A_skip_connection_that_a_pooling_reads_too_is_not_copied()
    {
        var x = new Input(8, 6, 3);
        ModelNode skip = Convolution(5, 3).Apply(x);
        ModelNode deep = new UpSampling2D(2).Apply(Convolution(7, 3).Apply(new MaxPool2D(2).Apply(skip)));
        Model model = Model.Build(x, Convolution(2, 1).Apply(new Concatenate().Apply(skip, Convolution(4, 1).Apply(deep))), seed: 2);
        ExecutionPlan plan = AssertBits(model);
        Assert.Equal(["Conv2D", "MaxPool2D", "Conv2D", "UpSampling2D", "Conv2D", "Conv2D"], Kinds(plan));
        Assert.Equal(9, plan.Steps[1].Inputs[0].Pitch);
    }

    [Fact]
    public void What_the_caller_gives_or_receives_is_copied_and_so_is_what_convolutions_read()
    {
        var x = new Input(5, 6, 3);
        ModelNode given = Convolution(4, 3).Apply(x);
        ModelNode received = Convolution(5, 1).Apply(x);
        ModelNode read = Convolution(6, 1).Apply(x);
        ModelNode all = new Concatenate().Apply(x, given, received, read);
        Model model = Model.Build([x], [Convolution(2, 1).Apply(all), received, Convolution(3, 1).Apply(read)], seed: 3);
        ExecutionPlan plan = AssertBits(model);
        PlanStep copy = Assert.Single(plan.Steps, step => step.Kind == "Concatenate");
        Assert.Equal([0, 18, 0, 0], copy.Inputs.Select(input => input.Pitch));
    }

    [Fact]
    public void Where_only_copies_fit_one_buffer_they_are_made()
    {
        // In place the whole concatenation, 33 channels, is alive beside two values of 32; copied, one channel is.
        var x = new Input(64, 64, 1);
        ModelNode first = Convolution(1, 3).Apply(x);
        ModelNode late = first;
        for (int i = 0; i < 4; i++)
            late = Convolution(32, 3).Apply(late);
        Model model = Model.Build(x, new GlobalAveragePool2D().Apply(new MaxPool2D(2).Apply(new Concatenate().Apply(first, late))),
            seed: 1);
        InferencePlacement Place(int batch) => new(model.Graph, new PlanOptions(batch, SerialScheduler.Instance, ConvAlgorithm.Auto));
        const int Pixels = 64 * 64;
        const int Batch = 6500;
        Assert.InRange(Place(Batch).Memory.Length, 66L * Pixels * Batch, Array.MaxLength);
        Assert.Contains("lower the batch", Assert.Throws<ShapeException>(() => Place(9000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_comes_twice_is_written_once_and_copied_once()
    {
        var x = new Input(5, 6, 3);
        ModelNode value = Convolution(4, 3).Apply(x);
        Model model = Model.Build(x, Convolution(3, 1).Apply(new Concatenate().Apply(value, value)), seed: 4);
        ExecutionPlan plan = AssertBits(model);
        Assert.Equal(["Conv2D", "Concatenate", "Conv2D"], Kinds(plan));
        Assert.All(plan.Steps[1].Inputs, input => Assert.Equal(8, input.Pitch));
    }

    [Fact]
    public void Concatenations_lie_in_concatenations()
    {
        var x = new Input(5, 6, 3);
        ModelNode a = Convolution(4, 3).Apply(x), b = new AveragePool2D(3, stride: 1, padding: Padding.Same).Apply(a),
            c = Convolution(2, 1).Apply(x);
        ModelNode inner = new Concatenate().Apply(b, c);
        Model model = Model.Build(x,
            new Concatenate().Apply(Convolution(1, 3).Apply(x), inner, new DepthwiseConv2D(3, padding: Padding.Same).Apply(x)), seed: 5);
        ExecutionPlan plan = AssertBits(model);
        Assert.DoesNotContain("Concatenate", Kinds(plan));
        Assert.Equal([0, 1, 5, 7], plan.Steps.Where(step => step.Output.Pitch == 10).Select(step => step.Output.Channel).Order());
        Assert.All(plan.Steps.Where(step => step.Output.Pitch > 0), step => Assert.Equal(OperandPlace.CallerOutput, step.Output.Place));
    }

    [Fact]
    public void The_last_of_several_concatenations_holds_a_value()
    {
        var x = new Input(5, 6, 3);
        ModelNode value = Convolution(4, 3).Apply(x);
        ModelNode first = new Concatenate().Apply(value, Convolution(3, 1).Apply(x));
        ModelNode second = new Concatenate().Apply(Convolution(2, 1).Apply(first), value, first);
        Model model = Model.Build(x, Convolution(3, 1).Apply(second), seed: 6);
        ExecutionPlan plan = AssertBits(model);
        PlanStep[] copies = [.. plan.Steps.Where(step => step.Kind == "Concatenate")];
        Assert.Equal(13, copies[0].Inputs[0].Pitch);
        Assert.Equal(2, copies.Length);
    }

    [Fact]
    public void Features_are_written_side_by_side_too()
    {
        var x = new Input(5, 6, 3);
        ModelNode features = new GlobalAveragePool2D().Apply(x);
        ModelNode all = new Concatenate()
            .Apply(new Dense(4, Activation.Tanh).Apply(features), new GlobalMaxPool2D().Apply(x), new Dense(2).Apply(features));
        ExecutionPlan plan = AssertBits(Model.Build(x, new Softmax().Apply(all), seed: 7));
        Assert.Equal(["Dense", "Dense", "GlobalAveragePool2D", "GlobalMaxPool2D", "Softmax"], Kinds(plan).Order());
    }

    [Fact]
    public void Memory_that_steps_share_is_copied_from()
    {
        var x = new Input(5, 6, 3);
        ModelNode activated = new ReLU().Apply(Convolution(4, 3).Apply(x));
        ModelNode flat = new Reshape([6, 5, 2]).Apply(Convolution(2, 1).Apply(x));
        ModelNode both = new Concatenate().Apply(new Reshape([6, 5, 4]).Apply(activated), flat);
        Model model = Model.Build(x, new Flatten().Apply(new ReLU().Apply(both)), seed: 8);
        ExecutionPlan plan = AssertBits(model);
        Assert.Contains("Concatenate", Kinds(plan));
        Assert.All(plan.Steps, step => Assert.Equal(0, step.Output.Pitch));
    }

    [Theory]
    [InlineData(ConvAlgorithm.Winograd2)]
    [InlineData(ConvAlgorithm.Winograd4)]
    [InlineData(ConvAlgorithm.Auto)]
    public void Every_algorithm_and_engine_gives_the_bits_of_copies(ConvAlgorithm algorithm)
    {
        var x = new Input(13, 11, 16);
        ModelNode[] parts =
        [
            Convolution(19, 3).Apply(x),
            new Conv2D(16, 3, padding: Padding.Same, activation: Activation.SiLU).Apply(x),
            new Conv2D(2, 5, padding: Padding.Same).Apply(x),
            new DepthwiseConv2D(3, padding: Padding.Same, activation: Activation.Sigmoid).Apply(x),
            new MaxPool2D(3, stride: 1, padding: Padding.Same).Apply(x),
            new Conv2D(48, 1, groups: 2).Apply(x),
        ];
        Model model = Model.Build(x, new Concatenate().Apply(parts[0], parts.AsSpan(1)), seed: 9);
        float[] input = TestModels.Input(model, Batch);
        ExecutionPlan plan = CompiledRun.Plan(model, GraphCompiler.InferencePasses, algorithm);
        Assert.DoesNotContain("Concatenate", Kinds(plan));
        Assert.Equal(CompiledRun.Run(CompiledRun.Plan(model, GraphCompiler.InferencePasses, algorithm, concatenatesInPlace: false), input),
            CompiledRun.Run(plan, input));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_batch_below_the_maximum_writes_its_samples_alone(int n)
    {
        var x = new Input(5, 6, 3);
        Model model = Model.Build(x,
            new Concatenate().Apply(Convolution(4, 3).Apply(x), x, new MaxPool2D(3, stride: 1, padding: Padding.Same).Apply(x)), seed: 10);
        float[] input = TestModels.Input(model, n);
        Assert.Equal(Run(Copying(model)), Run(CompiledRun.Plan(model, [])));

        float[] Run(ExecutionPlan plan)
        {
            var output = new float[n * plan.OutputLength];
            Array.Fill(output, float.NaN);
            var memory = new RunMemory(plan);
            memory.Arena.Fill(float.NaN);
            plan.Run(n, input, output, memory);
            return output;
        }
    }

    [Fact]
    public void A_part_that_would_keep_a_large_concatenation_alive_for_long_is_copied()
    {
        var x = new Input(5, 6, 3);
        ModelNode early = Convolution(1, 3).Apply(x), deep = new MaxPool2D(3, stride: 1, padding: Padding.Same).Apply(early);
        for (int i = 0; i < 3; i++)
            deep = Convolution(40, 1).Apply(deep);
        Model model = Model.Build(x, Convolution(1, 1).Apply(new Concatenate().Apply(early, new ReLU().Apply(deep))), seed: 11);
        ExecutionPlan plan = AssertBits(model);
        Assert.Contains("Concatenate", Kinds(plan));
        Assert.Equal(Copying(model).Memory.Length, plan.Memory.Length);
    }

    [Fact]
    public void Any_graph_keeps_its_bits()
    {
        int copies = 0, inPlace = 0;
        for (ulong seed = 0; seed < 150; seed++)
        {
            Model model = RandomModel(seed);
            float[] input = TestModels.Input(model, Batch);
            ExecutionPlan plan = CompiledRun.Plan(model, seed % 2 == 0 ? [] : [new FuseActivation()], ConvAlgorithm.Direct);
            float[][] expected = RunAll(CompiledRun.Plan(model, seed % 2 == 0 ? [] : [new FuseActivation()], ConvAlgorithm.Direct,
                concatenatesInPlace: false), input);
            float[][] actual = RunAll(plan, input);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(expected[i].AsSpan().SequenceEqual(actual[i]), $"seed {seed}: output {i} differs");
            copies += plan.Steps.Count(step => step.Kind == "Concatenate");
            inPlace += plan.Steps.Count(step => step.Output.Pitch > 0);
        }

        Assert.True(copies > 50 && inPlace > 50,
            $"{copies} concatenations copy, {inPlace} steps write into one: the graphs test too little");
    }

    private static Model RandomModel(ulong seed)
    {
        var random = new SeededRandom(seed);
        var x = new Input(4, 5, 2);
        var nodes = new List<ModelNode> { x };
        for (int i = 0; i < 12; i++)
        {
            ModelNode first = nodes[random.NextInt32(nodes.Count)];
            ModelNode second = nodes[random.NextInt32(nodes.Count)];
            nodes.Add(random.NextInt32(8) switch
            {
                0 or 1 => Convolution(1 + random.NextInt32(5), 3).Apply(first),
                2 => new MaxPool2D(3, stride: 1, padding: Padding.Same).Apply(first),
                3 => new ReLU().Apply(first),
                4 => new Add().Apply(Convolution(3, 1).Apply(first), Convolution(3, 1).Apply(second)),
                5 => new Concatenate().Apply(first, second, nodes[^1]),
                _ => new Concatenate().Apply(first, second),
            });
        }

        int outputs = 1 + random.NextInt32(3);
        return Model.Build([x], [.. nodes.TakeLast(outputs)], seed: seed);
    }

    private static float[][] RunAll(ExecutionPlan plan, float[] input)
    {
        float[][] outputs = [.. plan.Outputs.Select(output => new float[Batch * output.SampleLength])];
        foreach (float[] output in outputs)
            Array.Fill(output, float.NaN);
        var memory = new RunMemory(plan);
        memory.Arena.Fill(float.NaN);
        plan.Run(new ValueMemory(Batch, [input], [.. outputs.Select(output => output.AsMemory())]), memory);
        return outputs;
    }

    private static Conv2D Convolution(int filters, int size) => new(filters, size, padding: Padding.Same, activation: Activation.ReLU);

    private static ExecutionPlan Copying(Model model) => CompiledRun.Plan(model, [], concatenatesInPlace: false);

    private static IEnumerable<string> Kinds(ExecutionPlan plan) => plan.Steps.Select(step => step.Kind);

    private static ExecutionPlan AssertBits(Model model)
    {
        float[] input = TestModels.Input(model, Batch);
        ExecutionPlan plan = CompiledRun.Plan(model, [], ConvAlgorithm.Direct);
        Assert.Equal(RunAll(CompiledRun.Plan(model, [], ConvAlgorithm.Direct, concatenatesInPlace: false), input), RunAll(plan, input));
        if (plan.Outputs.Count == 1)
            CompiledRun.AssertSame(model, [], bits: true);
        return plan;
    }
}
