using CnnFast.Layers;

namespace CnnFast.Tests.Layers;

/// <summary>Layers that users make of others.</summary>
public sealed class CompositeLayerTests
{
    [Fact]
    public void A_block_computes_what_its_layers_compute()
    {
        var x = new Input(5, 7, 3);
        Model composed = Model.Build(x, new Block(3, "block").Apply(new Block(3).Apply(x)), seed: 4);
        var y = new Input(5, 7, 3);
        Model written = Model.Build(y, Written(Written(y)), seed: 4);
        float[] input = [.. Enumerable.Range(0, 2 * 5 * 7 * 3).Select(i => MathF.Sin(i))];
        Assert.Equal(written.Predict(input), composed.Predict(input));
    }

    [Fact]
    public void Names_of_its_layers_begin_with_its_own()
    {
        var x = new Input(4, 4, 2);
        Model model = Model.Build(x, new Nested("a").Apply(new Block(2).Apply(new Block(2, "b").Apply(x))));
        Assert.Equal(
            ["input", "b/first", "b/conv2d_1", "b/add_1", "conv2d_1", "conv2d_2", "add_1", "a/inner/first", "a/inner/conv2d_1",
                "a/inner/add_1", "a/relu_1"],
            model.Layers.Select(layer => layer.Name));
        Assert.Contains(model.Parameters, parameter => parameter.Name == "a/inner/first.filter");
    }

    [Fact]
    public void A_model_with_one_is_saved_and_read_as_its_layers()
    {
        var x = new Input(4, 4, 2);
        Model model = Model.Build(x, new Block(2, "b").Apply(x), seed: 1);
        using var folder = new TemporaryFolder();
        string path = folder["model.safetensors"];
        model.Save(path);
        Model read = Model.Load(path);
        float[] input = [.. Enumerable.Range(0, 32).Select(i => i / 32f)];
        Assert.Equal(model.Predict(input), read.Predict(input));
        Assert.Equal(model.Layers.Select(layer => layer.Name), read.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void The_same_name_twice_names_the_inner_layer()
    {
        var x = new Input(4, 4, 2);
        ModelNode y = new Block(2, "b").Apply(new Block(2, "b").Apply(x));
        ArgumentException e = Assert.Throws<ArgumentException>(() => Model.Build(x, y));
        Assert.Contains("Conv2D 'b/first': another layer of this model has the same name", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_runs_in_a_row_and_says_who_it_is()
    {
        Model model = new Sequential(new Block(1, "b"), new Flatten(), new Dense(2)).Build(new Shape(3, 3, 1));
        Assert.Equal(new Shape(2), model.OutputShape);
        Assert.Equal("Block 'b'", new Block(1, "b").ToString());
        Assert.Equal("Block", new Block(1).ToString());
    }

    [Fact]
    public void One_that_composes_nothing_or_has_a_bad_name_is_refused()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => new Nothing().Apply(new Input(1)));
        Assert.Equal("Nothing 'n': Compose returned null; expected what its last layer computes.", e.Message);
        Assert.Throws<ArgumentException>(() => new Block(1, "a b"));
        ModelNode after = new Conv2D(1, 1).Apply(new Input(1, 1, 1));
        Assert.Equal("conv2d_1", Model.Build((Input)after.Inputs[0], after).Layers[1].Name);
    }

    [Fact]
    public void Uses_on_several_threads_share_the_layers_of_the_first()
    {
        for (int round = 0; round < 20; round++)
        {
            var x = new Input(4, 4, 2);
            var block = new Slow("b");
            var uses = new ModelNode[4];
            using var start = new Barrier(uses.Length);
            Thread[] threads = [.. Enumerable.Range(0, uses.Length).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                uses[i] = block.Apply(x);
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();
            Model model = Model.Build(x, new Add().Apply(uses[0], uses[1], uses[2], uses[3]));
            Assert.Equal(["b/conv2d_1.filter", "b/conv2d_1.bias"], model.Parameters.Select(parameter => parameter.Name));
        }
    }

    private static ModelNode Written(ModelNode x)
    {
        ModelNode y = new Conv2D(3, 3, padding: Padding.Same, activation: Activation.ReLU).Apply(x);
        return new Add().Apply(x, new Conv2D(3, (1, 3), padding: Padding.Same).Apply(y));
    }

    private sealed class Block(int filters, string? name = null) : CompositeLayer(name)
    {
        protected override ModelNode Compose(IReadOnlyList<ModelNode> inputs)
        {
            ModelNode y = new Conv2D(filters, 3, padding: Padding.Same, activation: Activation.ReLU, name: Name is null ? null : "first")
                .Apply(inputs[0]);
            return new Add().Apply(inputs[0], new Conv2D(filters, (1, 3), padding: Padding.Same).Apply(y));
        }
    }

    private sealed class Nested(string name) : CompositeLayer(name)
    {
        protected override ModelNode Compose(IReadOnlyList<ModelNode> inputs) => new ReLU().Apply(new Block(2, "inner").Apply(inputs[0]));
    }

    private sealed class Nothing() : CompositeLayer("n")
    {
        protected override ModelNode Compose(IReadOnlyList<ModelNode> inputs) => null!;
    }

    private sealed class Slow(string name) : CompositeLayer(name)
    {
        protected override ModelNode Compose(IReadOnlyList<ModelNode> inputs)
        {
            Thread.Sleep(1);
            return new Conv2D(2, 1).Apply(inputs[0]);
        }
    }
}
