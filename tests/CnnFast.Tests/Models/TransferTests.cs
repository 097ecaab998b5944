using CnnFast.Layers;
using CnnFast.Tests.Training;
using CnnFast.Training;

namespace CnnFast.Tests.Models;

/// <summary>Models that are cut, given a head, used inside others, and frozen.</summary>
public sealed class TransferTests
{
    private static Model Body => TinyData.Net().Cut("concatenate_1");

    [Fact]
    public void A_head_reads_what_the_body_computed()
    {
        Model body = Body;
        Model model = body.WithHead([new Flatten(), new Dense(3, name: "head"), new Softmax()], seed: 9);
        Assert.Equal(["conv2d_1", "conv2d_2", "head"], model.Layers.Where(layer => layer.ParameterCount > 0).Select(layer => layer.Name));
        float[] input = TestModels.Input(body, 2);
        Assert.Equal(body.Predict(input), model.WithOutputs("concatenate_1").Predict(input));
    }

    [Fact]
    public void What_is_asked_of_a_cut_is_answered_by_its_name()
    {
        Assert.Equal("Model.Cut: there is no layer 'features'; Model.Layers lists them.",
            Assert.Throws<ArgumentException>(() => Body.Cut("features")).Message);
        Assert.Equal("Model.WithOutputs: there is no layer 'features'; Model.Layers lists them.",
            Assert.Throws<ArgumentException>(() => Body.WithOutputs("features")).Message);
    }

    [Fact]
    public void Training_a_headed_model_leaves_the_body_that_it_was_made_of()
    {
        Model body = Body;
        float[] before = body.Parameters[0].Values.ToArray();
        Model model = body.WithHead([new Flatten(), new Dense(4), new Softmax()]);
        new Trainer(model, new Sgd(0.1f)).Fit(TinyData.Create(32));
        Assert.Equal(before, body.Parameters[0].Values.ToArray());
        Assert.NotEqual(before, model.Parameters[0].Values.ToArray());
    }

    [Fact]
    public void What_is_frozen_stays_frozen_with_a_head_in_files_and_through_training()
    {
        Model body = Body;
        Assert.Equal(4, body.Freeze("conv2d_*"));
        Assert.Equal(2, body.Unfreeze("conv2d_2"));
        Model model = body.WithHead([new Flatten(), new Dense(4), new Softmax()]);
        using var file = new TemporaryFile();
        model.Save(file.Path);
        model = Model.Load(file.Path);
        Assert.Equal(["conv2d_1.filter", "conv2d_1.bias"],
            model.Parameters.Where(parameter => !parameter.Trainable).Select(parameter => parameter.Name));
        float[] frozen = model.Parameters[0].Values.ToArray(), free = model.Parameters[2].Values.ToArray();
        new Trainer(model, new Sgd(0.1f)).Fit(TinyData.Create(32));
        Assert.Equal(frozen, model.Parameters[0].Values.ToArray());
        Assert.NotEqual(free, model.Parameters[2].Values.ToArray());
    }

    [Fact]
    public void A_model_that_is_applied_twice_in_another_shares_its_weights_there()
    {
        Model body = Body;
        Input left = new(8, 6, 1), right = new(8, 6, 1);
        ModelNode difference = new Add().Apply(body.Apply(left), new Rescaling(-1, 0).Apply(body.Apply(right)));
        Model model = Model.Build([left, right], [new Dense(1).Apply(new Flatten().Apply(difference))]);
        Assert.Equal(body.ParameterCount + model.Parameters[^1].Shape.ElementCount + model.Parameters[^2].Shape.ElementCount,
            model.ParameterCount);
        Assert.Equal(["conv2d_1.filter", "conv2d_1.bias", "conv2d_2.filter", "conv2d_2.bias", "dense_1.filter", "dense_1.bias"],
            model.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void What_the_outputs_in_use_do_not_need_is_left_out()
    {
        var x = new Input(5);
        ModelNode a = new Dense(4, name: "a").Apply(x);
        Model parts = Model.Build([x], [a, new Dense(3, name: "b").Apply(a)], seed: 4);
        var y = new Input(5);
        Model model = Model.Build(y, new Dense(2, name: "head").Apply(parts.Apply([y])[0]), seed: 5);
        Assert.Equal(["input", "a", "head"], model.Layers.Select(layer => layer.Name));
        Assert.Equal(["a.filter", "a.bias", "head.filter", "head.bias"], model.Parameters.Select(parameter => parameter.Name));
        AssertSaves(model);
        Assert.DoesNotContain("b.", string.Join(" ", model.WithHead([new Dense(2)]).Parameters), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_only_unused_outputs_need_stays()
    {
        Input left = new(3), right = new(2);
        Model parts = Model.Build([left, right], [new Dense(2, name: "a").Apply(left), new Dense(2, name: "b").Apply(right)]);
        Input first = new(3), second = new(2);
        Model model = Model.Build([first, second], [parts.Apply([first, second])[0]]);
        Assert.Equal(2, model.Inputs.Count);
        Assert.Equal(["a.filter", "a.bias"], model.Parameters.Select(parameter => parameter.Name));
        using var file = new TemporaryFile();
        model.Save(file.Path);
        Assert.Equal(model.Summary(), Model.Load(file.Path).Summary());
    }

    [Fact]
    public void A_part_of_a_model_whose_first_use_of_a_layer_is_gone_can_be_saved()
    {
        var twin = new Dense(3, name: "twin");
        var x = new Input(3);
        ModelNode first = twin.Apply(x), second = twin.Apply(new ReLU(name: "r").Apply(x));
        Model model = Model.Build([x], [first, second], seed: 2);
        model.Freeze("twin.bias");
        Model part = model.WithOutputs("twin_2");
        AssertSaves(part);
        var y = new Input(3);
        Model inner = Model.Build(y, new Softmax().Apply(model.Apply([y])[1]));
        AssertSaves(inner);
        Assert.Equal(part.Predict([1, -2, 3]), inner.WithOutputs("twin_2").Predict([1, -2, 3]));
        AssertSaves(part.WithHead([new Dense(2)]));
    }

    [Fact]
    public void Inputs_of_another_shape_are_refused() => Assert.Equal(
        "Model.Apply: its input 'input' is given (N, 8, 7, 1) of Float32; expected (N, 8, 6, 1) of Float32.",
        Assert.Throws<ShapeException>(() =>
        {
            var x = new Input(8, 7, 1);
            Model.Build(x, Body.Apply(x));
        }).Message);

    [Fact]
    public void A_pattern_that_names_nothing_is_refused() => Assert.StartsWith(
        "Model.Freeze: no parameter or layer with parameters is named 'conv9*'.",
        Assert.Throws<ArgumentException>(() => Body.Freeze("conv9*")).Message,
        StringComparison.Ordinal);

    private static void AssertSaves(Model model)
    {
        using var file = new TemporaryFile();
        model.Save(file.Path);
        Model loaded = Model.Load(file.Path);
        float[] input = TestModels.Input(model, 2);
        Assert.Equal(model.Predict(input), loaded.Predict(input));
        Assert.Equal(model.Parameters.Select(parameter => parameter.Trainable), loaded.Parameters.Select(parameter => parameter.Trainable));
    }
}
