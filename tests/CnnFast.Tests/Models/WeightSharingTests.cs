using CnnFast.Layers;
using CnnFast.Tests.Training;
using CnnFast.Training;

namespace CnnFast.Tests.Models;

/// <summary>A layer that is applied several times is one layer: its weights, gradients, statistics, file and name.</summary>
public sealed class WeightSharingTests
{
    [Fact]
    public void A_layer_that_is_applied_twice_has_one_set_of_weights()
    {
        var dense = new Dense(3);
        Model model = new Sequential(dense, dense).Build(new Shape(3));
        Assert.Equal(["dense_1.filter", "dense_1.bias"], model.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["input", "dense_1", "dense_2"], model.Layers.Select(layer => layer.Name));
        Assert.Equal([0, 12, 0], model.Layers.Select(layer => layer.ParameterCount));
        Assert.Equal(12, model.ParameterCount);
    }

    [Fact]
    public void A_named_layer_that_is_applied_twice_gives_its_second_use_a_number()
    {
        var dense = new Dense(3, name: "twin");
        Model model = new Sequential(dense, new ReLU(name: "twin_2"), dense).Build(new Shape(3));
        Assert.Equal(["input", "twin", "twin_2", "twin_3"], model.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void Uses_that_need_other_shapes_are_refused() => Assert.StartsWith(
        "Dense 'dense_2': it shares 'dense_1.filter' [3, 4], because the layer is applied twice; for its input it would be [4, 4].",
        Assert.Throws<ShapeException>(() =>
        {
            var dense = new Dense(4);
            new Sequential(dense, dense).Build(new Shape(3));
        }).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_gradient_is_the_sum_over_the_uses()
    {
        Model shared = Siamese(new Conv2D(4, 3, padding: Padding.Same, activation: Activation.Tanh), null);
        Model apart = Siamese(new Conv2D(4, 3, padding: Padding.Same, activation: Activation.Tanh),
            new Conv2D(4, 3, padding: Padding.Same, activation: Activation.Tanh));
        for (int p = 0; p < 4; p++)
            apart.Parameters[p].Assign(shared.Parameters[p % 2].Values);

        float[] input = TestModels.Input(shared, 3);
        SoftmaxStep one = new(shared.Graph, 3), two = new(apart.Graph, 3);
        Assert.Equal(two.Run(input, [0, 1, 2], 0), one.Run(input, [0, 1, 2], 0));
        for (int p = 0; p < 2; p++)
        {
            float[] sum = [.. two.Gradients[apart.Parameters[p]].ToArray()
                .Zip(two.Gradients[apart.Parameters[p + 2]].ToArray(), (a, b) => a + b)];
            Assert.Equal(sum, one.Gradients[shared.Parameters[p]].ToArray());
        }
    }

    [Fact]
    public void Training_moves_shared_averages_once_a_use()
    {
        var normalization = new BatchNormalization(momentum: 0.5f);
        Model model = new Sequential(normalization, new Rescaling(0, 3), normalization, new Flatten(), new Dense(4), new Softmax())
            .Build(new Shape(8, 6, 1));
        new Trainer(model, new Sgd(1e-6f)).Fit(TinyData.Create(16), new() { BatchSize = 16 });
        Parameter mean = model.Parameters.First(parameter => parameter.Name.EndsWith("moving_mean", StringComparison.Ordinal));
        Assert.InRange(mean.Values[0], 1.5f, 1.75f);
    }

    [Fact]
    public void Files_keep_what_is_shared()
    {
        using var file = new TemporaryFile();
        Model model = Siamese(new Conv2D(4, 3, padding: Padding.Same), null);
        model.Save(file.Path);
        Model loaded = Model.Load(file.Path);
        Assert.Equal(model.Summary(), loaded.Summary());
        float[] input = TestModels.Input(model, 2);
        Assert.Equal(model.Predict(input), loaded.Predict(input));
        loaded.Parameters[0].Assign(new float[loaded.Parameters[0].Shape.ElementCount]);
        loaded.Parameters[1].Assign(new float[4]);
        Assert.All(loaded.WithOutputs("add_1").Predict(input), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_composite_that_is_applied_twice_shares_the_weights_of_its_layers()
    {
        var block = new Block("block");
        var x = new Input(4);
        Model model = Model.Build(x, block.Apply(block.Apply(x)));
        Assert.Equal(["block/dense_1.filter", "block/dense_1.bias", "block/inner.filter", "block/inner.bias"],
            model.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(5, model.Layers.Count);
    }

    [Fact]
    public void A_composite_that_is_made_of_other_layers_the_second_time_is_refused()
    {
        var block = new Fickle();
        ModelNode once = block.Apply(new Input(4));
        Assert.Equal(
            "Fickle: Compose applied Dense where it applied ReLU the first time; expected the same layers, because a layer that is " +
            "applied twice shares its weights: create a second one where it is to have its own.",
            Assert.Throws<InvalidOperationException>(() => block.Apply(once)).Message);
    }

    [Fact]
    public void A_composite_that_is_made_of_fewer_layers_the_second_time_is_refused()
    {
        var block = new Shrinking();
        ModelNode once = block.Apply(new Input(4));
        Assert.Contains("fewer layers than the first time", Assert.Throws<InvalidOperationException>(() => block.Apply(once)).Message,
            StringComparison.Ordinal);
    }

    private static Model Siamese(Layer left, Layer? right)
    {
        var x = new Input(6, 5, 4);
        ModelNode a = left.Apply(x);
        ModelNode b = (right ?? left).Apply(new Tanh().Apply(a));
        ModelNode sum = new Add(name: "add_1").Apply(a, b);
        return Model.Build(x, new Softmax().Apply(new Flatten().Apply(new MaxPool2D(5).Apply(sum))), seed: 3);
    }

    private sealed class Block(string name) : CompositeLayer(name)
    {
        protected override ModelNode Compose(IReadOnlyList<ModelNode> inputs) =>
            new Inner().Apply(new Dense(4).Apply(inputs[0]));
    }

    private sealed class Shrinking : CompositeLayer
    {
        private int _uses;

        protected override ModelNode Compose(IReadOnlyList<ModelNode> inputs)
        {
            ModelNode first = new ReLU().Apply(inputs[0]);
            return _uses++ == 0 ? new Dense(4).Apply(first) : first;
        }
    }

    private sealed class Inner : CompositeLayer
    {
        protected override ModelNode Compose(IReadOnlyList<ModelNode> inputs) => new Dense(4, name: "inner").Apply(inputs[0]);
    }

    private sealed class Fickle : CompositeLayer
    {
        private int _times;

        protected override ModelNode Compose(IReadOnlyList<ModelNode> inputs) =>
            (_times++ == 0 ? new ReLU() : (Layer)new Dense(4)).Apply(inputs[0]);
    }
}
